// From a lab and a seed to what a world is made from.
import type { SandboxSpec } from '../sandbox/spec';
import { declaredImage } from './images';
import type { Lab } from './lab';
import { drawVariables, substitute, substituteDeep } from './variables';

/** `now` in milliseconds since the epoch: when the world begins. */
export function toSpec({ id, definition, source }: Lab, seed: number, now: number): SandboxSpec {
  const variables = drawVariables(definition.variables, seed);
  const script = (file: string | undefined) =>
    file === undefined ? undefined : substitute(source.files[file] ?? '', variables);
  const scripts = {
    prepare: script(definition.prepare),
    start: script(definition.start),
    finish: script(definition.finish),
  };
  return {
    lab: id,
    title: definition.title,
    seed,
    now,
    ...definition.cluster,
    variables,
    images: definition.images.map((image) => substituteDeep(declaredImage(image, source.files), variables)),
    scripts: Object.fromEntries(Object.entries(scripts).filter(([, text]) => text !== undefined)),
  };
}
