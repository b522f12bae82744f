// What `-o` asks for: finds the printer of a format, or says which formats there are.
import { CliError } from '../errors';
import type { Flags } from '../flags/parse';
import { goSyntax, jsonPath } from '../jsonpath/evaluate';
import { JsonPathError, parseJsonPath } from '../jsonpath/parse';
import { type Dyn, groupVersion, isMap, quote } from '../object';
import { columnsFromFile, columnsFromSpec, customColumns } from './custom-columns';
import { executeTemplate, parseTemplate, TemplateError } from './go-template';
import { toJson } from './json';
import { toYaml } from './yaml';

/** Prints one object or list. */
export type Printer = (object: Dyn) => string;

const TEMPLATES = [
  'go-template',
  'go-template-file',
  'jsonpath',
  'jsonpath-as-json',
  'jsonpath-file',
  'template',
  'templatefile',
];
const OBJECT_FORMATS = [...TEMPLATES, 'json', 'name', 'yaml'].sort();
export const GET_FORMATS = [...OBJECT_FORMATS, 'custom-columns', 'custom-columns-file', 'wide'].sort();

export interface OutputOptions {
  /** What was done, for `-o name` and no format: `created`, ` configured (dry run)`. */
  operation?: string;
  formats?: string[];
  readFile: (path: string) => string;
}

/** The format and what stands after its `=`. */
export function splitFormat(flags: Flags): { format: string; argument: string | undefined } {
  const output = flags.str('output');
  const template = flags.has('template') ? flags.str('template') : '';
  const equals = output.indexOf('=');
  if (output === '' && template !== '') return { format: 'go-template', argument: template };
  if (equals < 0) return { format: output, argument: template || undefined };
  return { format: output.slice(0, equals), argument: output.slice(equals + 1) };
}

/** Formats whose case does not matter. */
const JSON_OR_YAML = new Set(['json', 'yaml']);

/** A printer for the flags; undefined where no format is asked for. */
export function findPrinter(flags: Flags, options: OutputOptions): Printer | undefined {
  const { format: given, argument } = splitFormat(flags);
  const format = JSON_OR_YAML.has(given.toLowerCase()) ? given.toLowerCase() : given;
  if (format === '') return undefined;
  const allowed = options.formats ?? OBJECT_FORMATS;
  const hasArgument = flags.str('output').includes('=');
  if (!allowed.includes(format) || (hasArgument && ['json', 'yaml', 'name', 'wide'].includes(format)))
    throw new CliError(
      `unable to match a printer suitable for the output format ${quote(flags.str('output'))}, allowed formats are: ${allowed.join(',')}`,
    );
  const managed = flags.has('show-managed-fields') && flags.bool('show-managed-fields');
  if (format === 'json') return (object) => `${toJson(managed ? object : withoutManaged(object))}\n`;
  if (format === 'yaml') return yamlPrinter(managed);
  if (format === 'name') return (object) => names(object);
  if (format.startsWith('custom-columns')) return columnsPrinter(format, argument, flags, options);
  return templatePrinter(format, argument, flags, options);
}

function yamlPrinter(managed: boolean): Printer {
  let count = 0;
  return (object) => `${count++ > 0 ? '---\n' : ''}${toYaml(managed ? object : withoutManaged(object))}`;
}

function withoutManaged(object: Dyn): Dyn {
  if (Array.isArray(object?.items)) return { ...object, items: object.items.map(withoutManaged) };
  if (!isMap(object?.['metadata']) || object.metadata.managedFields === undefined) return object;
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

function names(object: Dyn): string {
  if (Array.isArray(object.items)) return object.items.map(names).join('');
  const [group] = groupVersion(object.apiVersion ?? '');
  const kind = (object.kind ?? '').toLowerCase();
  return `${kind}${group ? `.${group}` : ''}/${object.metadata?.name || '<unknown>'}\n`;
}

function columnsPrinter(format: string, argument: string | undefined, flags: Flags, options: OutputOptions): Printer {
  if (argument === undefined) throw new CliError('custom-columns format specified but no custom columns given');
  const columns =
    format === 'custom-columns'
      ? columnsFromSpec(argument)
      : columnsFromFile(templateOf(argument, options, 'template'));
  const print = customColumns(columns, flags.has('no-headers') && flags.bool('no-headers'));
  return (object) => print(Array.isArray(object.items) ? object.items : [object]);
}

function templatePrinter(format: string, argument: string | undefined, flags: Flags, options: OutputOptions): Printer {
  if (!argument) throw new CliError(`template format specified but no template given`);
  const allowMissing = flags.has('allow-missing-template-keys') ? flags.bool('allow-missing-template-keys') : true;
  const text = format.endsWith('file') ? templateOf(argument, options) : argument;
  if (format.startsWith('jsonpath'))
    return jsonPathPrinter(text, { allowMissing, asJson: format === 'jsonpath-as-json' });
  try {
    const template = parseTemplate(text);
    return (object) => executeTemplate(template, text, object, allowMissing);
  } catch (error) {
    if (error instanceof TemplateError) throw new CliError(`error parsing template ${text}, ${error.message}`);
    throw error;
  }
}

function templateOf(path: string, options: OutputOptions, what = '--template'): string {
  try {
    return options.readFile(path);
  } catch (error) {
    throw new CliError(`error reading ${what} ${path}, ${(error as Error).message}`);
  }
}

function jsonPathPrinter(template: string, options: { allowMissing: boolean; asJson: boolean }): Printer {
  try {
    parseJsonPath(template);
  } catch (error) {
    if (error instanceof JsonPathError) throw new CliError(`error parsing jsonpath ${template}, ${error.message}`);
    throw error;
  }
  return (object) => {
    try {
      return jsonPath(template, object, options);
    } catch (error) {
      if (!(error instanceof JsonPathError)) throw error;
      throw new CliError(
        `error executing jsonpath ${quote(template)}: Error executing template: ${error.message}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t${template}\n\tobject given to jsonpath engine was:\n\t\t${goSyntax(object)}\n\n\n`,
      );
    }
  };
}
