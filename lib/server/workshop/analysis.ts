// What the editor shows beside the text of a lab: mistakes with their places, the values of one seed, objectives and checks.
import type { Problem } from '../../labs/complaints';
import type { LabDefinition } from '../../labs/schema';
import { drawVariables } from '../../labs/variables';
import type { LabFiles } from '../labs/digest';
import { checkFiles } from '../labs/folder';

export type { Problem };

/** A check as the graph draws it. */
interface OutlinedCheck {
  id: string;
  title: string;
  points: number;
  grader: string;
  /** From 1. */
  objective: number | undefined;
  needs: string[];
  required: boolean;
  bonus: boolean;
  lesson: string[];
  /** What its hints cost, in order. */
  hints: number[];
}

export interface Outline {
  title: string;
  objectives: string[];
  checks: OutlinedCheck[];
  /** Of one seed, for the preview. */
  variables: Record<string, string>;
}

export interface Analysis {
  problems: Problem[];
  /** Missing while the lab has mistakes. */
  outline?: Outline;
}

const PREVIEW_SEED = 1;

export function analyse(lab: string, files: LabFiles): Analysis {
  const result = checkFiles(lab, files);
  return 'lab' in result ? { problems: [], outline: outlineOf(result.lab.definition) } : { problems: result.problems };
}

function outlineOf({ title, objectives, checks, variables }: LabDefinition): Outline {
  return {
    title,
    objectives,
    checks: checks.map((check) => ({
      id: check.id,
      title: check.title,
      points: check.points,
      grader: check.grader,
      objective: check.objective,
      needs: check.needs,
      required: check.required,
      bonus: check.bonus,
      lesson: check.lesson,
      hints: check.hints.map(({ price }) => price),
    })),
    variables: drawVariables(variables, PREVIEW_SEED),
  };
}
