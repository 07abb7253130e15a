/** Which of two versions is the older one. */
export function isBelow(version: string, bound: string): boolean {
  const parts = (value: string) => value.replace(/^v/, '').split('.').map(Number);
  const [has, least] = [parts(version), parts(bound)];
  const at = least.findIndex((part, index) => (has[index] ?? 0) !== part);
  return at >= 0 && (has[at] ?? 0) < (least[at] ?? 0);
}
