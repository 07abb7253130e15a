/** Takes secrets out of text before it is written anywhere: by their form, and by value where they are known. */

const mask = '***';

/** Each pattern, and what stays of a match. Lengths of what is repeated are bounded where two repetitions meet. */
const patterns: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z0-9 ]{1,40}-----[\s\S]*?(?:-----END [A-Z0-9 ]{1,40}-----|$)/g, mask],
  // GitHub: personal, OAuth, user, server, refresh, and fine-grained tokens.
  [/(?<![A-Za-z0-9])(?:gh[oprsu]_|github_pat_)[A-Za-z0-9_.-]{8,}/g, mask],
  // GitLab: personal, runner, deploy, trigger, job, and the other tokens with a prefix.
  [
    /(?<![A-Za-z0-9])(?:gl(?:pat|rt|rtr|dt|ptt|cbt|soat|ft|imt|agent|oas|ffct)-|GR1348941)[A-Za-z0-9_.=-]{8,}/g,
    mask,
  ],
  [/(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/g, mask],
  // Headers, with their scheme where they have one.
  [
    /\b((?:proxy-)?authorization|private-token|job-token|x-api-key|set-cookie|cookie)(["']?\s{0,4}[:=]\s{0,4}["']?)(?:(?:bearer|basic|token|digest)\s+)?[^\s"',;]+/gi,
    `$1$2${mask}`,
  ],
  [/\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{12,}/gi, `$1 ${mask}`],
  [/\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/@"'<>]+@/gi, `$1${mask}@`],
  [
    /([?&;](?:access_token|private_token|job_token|refresh_token|client_secret|token|password|code|sig|signature)=)[^&\s"'#]+/gi,
    `$1${mask}`,
  ],
];

/** Names of fields whose value is a secret whatever it looks like. */
const secretName =
  /^(?:.*[_-])?(?:token|secret|password|passwd|passphrase|authorization|cookie|private[_-]?key|api[_-]?key|credentials?)$/i;

/** Shorter ones stand in too many words by chance to be taken out by value. */
const shortest = 4;

export interface Redactor {
  /** From now on this value is taken out, also as base64, in URLs, in JSON, and line by line. */
  register(secret: string): void;
  redact(text: string): string;
  /** Must the whole value of a field of this name go? */
  isSecretName(name: string): boolean;
}

export function createRedactor(): Redactor {
  const known = new Set<string>();
  let longestFirst: readonly string[] = [];
  return {
    register(secret) {
      for (const form of formsOf(secret)) if (form.length >= shortest) known.add(form);
      // A secret that holds another must go as a whole.
      longestFirst = [...known].sort((a, b) => b.length - a.length);
    },
    redact(text) {
      const byValue = longestFirst.reduce((rest, secret) => rest.replaceAll(secret, mask), text);
      return patterns.reduce((rest, [pattern, kept]) => rest.replace(pattern, kept), byValue);
    },
    isSecretName: (name) => secretName.test(name),
  };
}

function formsOf(secret: string): readonly string[] {
  const trimmed = secret.trim();
  const lines = trimmed.split(/\r?\n/).map((line) => line.trim());
  // A line of a key is a secret; one as short as "}" is not.
  const long = lines.length > 1 ? lines.filter((line) => line.length >= 8) : [];
  return [
    trimmed,
    ...long,
    new URLSearchParams({ s: trimmed }).toString().slice(2),
    JSON.stringify(trimmed).slice(1, -1),
    Buffer.from(trimmed).toString('base64').replace(/=+$/, ''),
    Buffer.from(trimmed).toString('base64url'),
  ];
}
