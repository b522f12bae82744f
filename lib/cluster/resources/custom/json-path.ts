// The part of kubectl's JSONPath that printer columns use: `.a.b`, `['a']`, `[0]`, `[*]`, `[?(@.type=="Ready")]`.

type Json = unknown;

const STEP =
  /\.([^.[\]]+)|\[\s*(?:'([^']*)'|"([^"]*)"|(\d+)|(\*)|\?\(\s*@\.([\w.-]+)\s*==\s*(?:"([^"]*)"|'([^']*)')\s*\))\s*\]/y;

type Step = (value: Json) => Json[];

const isObject = (value: Json): value is Record<string, Json> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const field =
  (name: string): Step =>
  (value) =>
    isObject(value) && Object.hasOwn(value, name) ? [value[name]] : [];

const all: Step = (value) => (Array.isArray(value) ? value : isObject(value) ? Object.values(value) : []);

const filter = (path: string, wanted: string): Step => {
  const steps = path.split('.').map(field);
  return (value) =>
    Array.isArray(value)
      ? value.filter((item) =>
          steps.reduce<Json[]>((found, step) => found.flatMap(step), [item]).some((each) => String(each) === wanted),
        )
      : [];
};

function stepOf(match: RegExpExecArray): Step {
  const [, name, single, double, index, star, path, value, other] = match;
  if (name !== undefined) return name === '*' ? all : field(name.replaceAll('\\', ''));
  if (index !== undefined)
    return (list) => (Array.isArray(list) && list.length > Number(index) ? [list[Number(index)]] : []);
  if (star !== undefined) return all;
  if (path !== undefined) return filter(path, value ?? other ?? '');
  return field(single ?? double ?? '');
}

/** A path as a function that finds its values; undefined if it is none of the forms above. */
export function jsonPath(path: string): ((root: Json) => Json[]) | undefined {
  const steps: Step[] = [];
  const text = path.startsWith('.') || path.startsWith('[') ? path : `.${path}`;
  for (let at = 0; at < text.length; at = STEP.lastIndex) {
    STEP.lastIndex = at;
    const match = STEP.exec(text);
    if (!match) return undefined;
    steps.push(stepOf(match));
  }
  return (root) => steps.reduce<Json[]>((found, step) => found.flatMap(step), [root]);
}
