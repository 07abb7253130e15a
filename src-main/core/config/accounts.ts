/** The accounts of a configuration file: one that makes no sense is set aside, never dropped. */
import * as v from 'valibot';
import { type Account, AccountSchema } from '../../contract/account.ts';
import { expected } from './expected.ts';
import { fieldProblem, type Findings, isRecord, replaced } from './fields.ts';

interface AccountsRead {
  readonly accounts: readonly Account[];
  readonly unusable: readonly unknown[];
}

function isField(name: string): name is keyof typeof AccountSchema.entries {
  return Object.hasOwn(AccountSchema.entries, name);
}

/** The usable accounts, and the entries that are not, in their order. */
export function readAccounts(raw: unknown, findings: Findings): AccountsRead {
  if (raw === undefined) return { accounts: [], unusable: [] };
  if (!Array.isArray(raw)) {
    replaced(findings, 'accounts', 'a list of accounts', 'the default []');
    return { accounts: [], unusable: [] };
  }
  const accounts: Account[] = [];
  const unusable: unknown[] = [];
  for (const [index, entry] of (raw as readonly unknown[]).entries()) {
    const account = readAccount(entry, `accounts[${index}]`, accounts, findings);
    if (account === null) unusable.push(entry);
    else accounts.push(account);
  }
  return { accounts, unusable };
}

function readAccount(
  raw: unknown,
  path: string,
  before: readonly Account[],
  findings: Findings,
): Account | null {
  const setAside = (subject: string, why: string): null => {
    findings.problems.push(fieldProblem(`The account ${path} in config.json is not used: ${why}`, subject));
    findings.wrong.push({ subject, message: `The account ${path} cannot be used: ${why}` });
    return null;
  };
  if (!isRecord(raw)) return setAside(path, 'it is not an object with fields.');
  const result = v.safeParse(AccountSchema, raw);
  if (!result.success) {
    const field = v.getDotPath(result.issues[0])?.split('.')[0] ?? '';
    if (!isField(field)) return setAside(path, 'it lacks what makes it an account.');
    const schema = AccountSchema.entries[field];
    return setAside(`${path}.${field}`, `its field ${field} is not valid (expected: ${expected(schema)}).`);
  }
  const { id } = result.output;
  if (before.some((account) => account.id === id))
    return setAside(`${path}.id`, `there is another one called ${id} before it.`);
  // Fields that this version does not know stay where they are.
  return { ...raw, ...result.output };
}
