import type { z } from 'zod';
import type { ConfigFile } from './config-file';
import type { Path } from './fault';

/**
 * Checks each section of a file by its own schema, and that there is no other: a fault in one section leaves the rest
 * to be proved. A section with a fault is undefined.
 */
export function sections<Shape extends Record<string, z.ZodType>>(
  file: ConfigFile,
  shape: Shape,
): { [Name in keyof Shape]: z.output<Shape[Name]> | undefined } {
  const present = typeof file.value === 'object' && file.value !== null ? Object.keys(file.value) : [];
  if (file.faults.length === 0) for (const key of present) if (!Object.hasOwn(shape, key)) unknownKey(file, [], key);
  const checked = Object.entries(shape).map(([key, schema]) => [key, section(file, [key], schema)]);
  return Object.fromEntries(checked) as { [Name in keyof Shape]: z.output<Shape[Name]> | undefined };
}

/** What stands at a path, if it is as the schema says. */
export function section<Schema extends z.ZodType>(
  file: ConfigFile,
  path: Path,
  schema: Schema,
): z.output<Schema> | undefined {
  if (file.value === undefined) return undefined;
  const result = schema.safeParse(file.valueAt(path));
  if (result.success) return result.data;
  for (const issue of result.error.issues) report(file, path, issue);
  return undefined;
}

function report(file: ConfigFile, above: Path, issue: z.core.$ZodIssue): void {
  const path = [...above, ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))];
  const value = file.valueAt(path);
  const key = String(path.at(-1) ?? file.name);
  switch (issue.code) {
    case 'unrecognized_keys':
      for (const unknown of issue.keys) unknownKey(file, path, unknown);
      return;
    case 'invalid_type':
      if (value === undefined) {
        file.fault('missingKey', path, { what: `${key} is missing`, limit: issue.expected, wayOut: 'add it' });
      } else {
        file.fault('wrongType', path, {
          what: `${key} is of the wrong type`,
          value,
          limit: issue.expected,
          wayOut: 'write it so',
        });
      }
      return;
    case 'too_small':
      file.fault('outOfRange', path, {
        what: `${key} is too small`,
        value,
        limit: `${issue.inclusive === true ? 'at least' : 'more than'} ${issue.minimum}`,
        wayOut: 'raise it',
      });
      return;
    case 'too_big':
      file.fault('outOfRange', path, {
        what: `${key} is too big`,
        value,
        limit: `at most ${issue.maximum}`,
        wayOut: 'lower it',
      });
      return;
    case 'invalid_key':
      file.fault('wrongForm', path, { what: `${key} cannot stand here: ${reasonOf(issue)}`, wayOut: 'rename it' });
      return;
    default:
      file.fault('wrongForm', path, {
        what: `${key} is not of its form`,
        value,
        limit: issue.message,
        wayOut: 'write it so',
      });
  }
}

function reasonOf(issue: z.core.$ZodIssueInvalidKey): string {
  return issue.issues.map(({ message }) => message).join('; ');
}

function unknownKey(file: ConfigFile, path: Path, key: string): void {
  file.fault('unknownKey', [...path, key], {
    what: `${key} is no key that is known here`,
    wayOut: 'remove it, or spell it as docs/configuration.md does',
  });
}
