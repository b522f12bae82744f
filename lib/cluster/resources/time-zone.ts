// The rules of a cron job's time zone: the names of the IANA's table.
import type { FieldErrors } from './validation/field-errors';

const PART = /^[A-Za-z.\-_0-9+]{1,14}$/;

const known = (name: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
};

export function validateTimeZone(name: string | undefined, at: string, errors: FieldErrors): void {
  if (name === undefined) return;
  if (name === '') return errors.invalid(at, name, 'timeZone must be nil or non-empty string');
  const parts = name.split('/');
  const wrong = parts.some((part) => !PART.test(part) || part === '.' || part === '..' || part.startsWith('-'));
  if (wrong) errors.invalid(at, name, `unknown time zone ${name}`);
  else if (name.toLowerCase() === 'local')
    errors.invalid(at, name, 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones');
  else if (!known(name)) errors.invalid(at, name, `unknown time zone ${name}`);
}
