// Where the boxes of the graph go: objectives to the left, checks to the right, each below what it needs and set in from it.
import type { Outline } from '../../../../lib/server/workshop/analysis';

export interface GoalBox {
  id: string;
  x: number;
  y: number;
  kind: string;
  title: string;
  note: string;
  tone: 'objective' | 'unproved' | 'check' | 'bonus';
}

export interface Line {
  from: string;
  to: string;
  /** The second counts only after the first. */
  needs: boolean;
}

const CHECKS_AT = 310;
const INDENT = 36; // a step from a check to one that needs it
const ROW = 104;

export function lay({ objectives, checks }: Outline): { boxes: GoalBox[]; lines: Line[] } {
  const depths = new Map<string, number>();
  const depth = (id: string): number => {
    const known = depths.get(id);
    if (known !== undefined) return known;
    const needs = checks.find((check) => check.id === id)?.needs ?? [];
    const own = Math.max(0, ...needs.map((other) => depth(other) + 1));
    depths.set(id, own);
    return own;
  };
  const goals = objectives.map((title, i): GoalBox => {
    const proved = checks.some(({ objective }) => objective === i + 1);
    const note = proved ? '' : 'no check names it';
    return {
      id: `o${i + 1}`,
      x: 0,
      y: i * ROW,
      kind: `Objective ${i + 1}`,
      title,
      note,
      tone: proved ? 'objective' : 'unproved',
    };
  });
  const ordered = [...checks].sort((a, b) => depth(a.id) - depth(b.id));
  const boxes = ordered.map((check, i): GoalBox => {
    const { id, title, points, grader, required, bonus, hints } = check;
    const marks = [
      required && 'required',
      bonus && 'bonus',
      hints.length > 0 && `${hints.length} ${hints.length === 1 ? 'hint' : 'hints'}`,
    ].filter(Boolean);
    return {
      id,
      x: CHECKS_AT + INDENT * depth(id),
      y: i * ROW,
      kind: [`${points} points`, grader, ...marks].join(' · '),
      title,
      note: id,
      tone: bonus ? 'bonus' : 'check',
    };
  });
  const lines = checks.flatMap(({ id, objective, needs }): Line[] => [
    ...(objective === undefined ? [] : [{ from: `o${objective}`, to: id, needs: false }]),
    ...needs.map((other) => ({ from: other, to: id, needs: true })),
  ]);
  return { boxes: [...goals, ...boxes], lines };
}
