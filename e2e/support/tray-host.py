"""Stands in for the part of a desktop that shows icons: it owns org.kde.StatusNotifierWatcher on the session bus, reads
what registers there as such a desktop does, and clicks. A JSON object a line each way on stdin and stdout."""
import json
import pathlib
import sys

import dbus
import dbus.service
from dbus.mainloop.glib import DBusGMainLoop
from gi.repository import GLib

NAME = "org.kde.StatusNotifierWatcher"
ITEM = "org.kde.StatusNotifierItem"
MENU = "com.canonical.dbusmenu"
PROPERTIES = "org.freedesktop.DBus.Properties"


def say(value):
    print(json.dumps(value), flush=True)


class Watcher(dbus.service.Object):
    def __init__(self, bus):
        super().__init__(bus, "/StatusNotifierWatcher")
        self.item = None

    @dbus.service.method(NAME, in_signature="s", sender_keyword="sender")
    def RegisterStatusNotifierItem(self, service, sender=None):
        # A path is on the caller's own name; anything else must be a plain name, read through its owner.
        if service.startswith("/"):
            self.item = (sender, service)
        else:
            owner = service if service.startswith(":") else bus.get_name_owner(service)
            self.item = (owner, "/StatusNotifierItem")
        say({"registered": service})

    @dbus.service.method(NAME, in_signature="s")
    def RegisterStatusNotifierHost(self, service):
        pass

    @dbus.service.method(PROPERTIES, in_signature="ss", out_signature="v")
    def Get(self, interface, name):
        return self.values()[name]

    @dbus.service.method(PROPERTIES, in_signature="s", out_signature="a{sv}")
    def GetAll(self, interface):
        return self.values()

    @dbus.service.signal(NAME)
    def StatusNotifierHostRegistered(self):
        pass

    def values(self):
        return {
            "IsStatusNotifierHostRegistered": dbus.Boolean(True),
            "ProtocolVersion": dbus.Int32(0),
            "RegisteredStatusNotifierItems": dbus.Array([], signature="s"),
        }


def item(path=None):
    name, object_path = watcher.item
    return bus.get_object(name, path or object_path, introspect=False)


def read(name):
    return item().Get(ITEM, name, dbus_interface=PROPERTIES)


def picture():
    """The icon itself, as text: its pixels, or the file that it names."""
    values = item().GetAll(ITEM, dbus_interface=PROPERTIES)
    if values.get("IconPixmap"):
        return [(int(w), int(h), bytes(data).hex()) for w, h, data in values["IconPixmap"]]
    folder, name = str(values.get("IconThemePath", "")), str(values["IconName"])
    files = sorted(pathlib.Path(folder or "/").rglob(f"{name}.png")) if folder else [pathlib.Path(name)]
    return [file.read_bytes().hex() for file in files]


def entries(node):
    id, properties, children = node
    return {
        "id": int(id),
        "label": str(properties.get("label", "")),
        "enabled": bool(properties.get("enabled", True)),
        "items": [entries(child) for child in children],
    }


def menu():
    return item(str(read("Menu")))


def answer(request):
    what = request["do"]
    if what == "icon":
        return picture()
    if what == "tooltip":
        return str(read("ToolTip")[2]), str(read("Title"))
    if what == "menu":
        _, layout = menu().GetLayout(0, -1, dbus.Array([], signature="s"), dbus_interface=MENU)
        return entries(layout)["items"]
    if what == "click":
        menu().Event(dbus.Int32(request["id"]), "clicked", dbus.Int32(0), dbus.UInt32(0), dbus_interface=MENU)
        return True
    if what == "activate":
        item().Activate(0, 0, dbus_interface=ITEM)
        return True
    raise ValueError(what)


def on_line(channel, condition):
    line = sys.stdin.readline()
    if not line:
        loop.quit()
        return False
    try:
        say({"answer": answer(json.loads(line))})
    except Exception as error:  # told to the test, which fails by it
        say({"error": repr(error)})
    return True


DBusGMainLoop(set_as_default=True)
bus = dbus.SessionBus()
owned = dbus.service.BusName(NAME, bus, do_not_queue=True)
watcher = Watcher(bus)
watcher.StatusNotifierHostRegistered()
loop = GLib.MainLoop()
GLib.io_add_watch(sys.stdin, GLib.IO_IN | GLib.IO_HUP, on_line)
say({"ready": True})
loop.run()
