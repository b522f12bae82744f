// `lab hint` and `lab answer`: what a student asks for and answers is noted in the world's own table, out of the student's
// reach, so that it is in the snapshot that is graded.
import type { Process } from '../machine/process';
import type { Table } from '../sim/state';
import type { SandboxSpec } from './spec';

const hintKey = (check: string, index: number) => `hint/${check}/${index}`;
const answerKey = (question: string, index: number) => `answer/${question}/${index}`;

/** How many hints of a check were given. */
export function hintsGiven(table: Table, check: string): number {
  let given = 0;
  while (table.has(hintKey(check, given))) given++;
  return given;
}

/** Every answer to a question, in order. */
export function answersTo(table: Table, question: string): string[] {
  const answers: string[] = [];
  for (let answer = table.get<string>(answerKey(question, 0)); answer !== undefined; ) {
    answers.push(answer);
    answer = table.get<string>(answerKey(question, answers.length));
  }
  return answers;
}

export async function hint(proc: Process, spec: SandboxSpec, table: Table, words: string[]): Promise<number> {
  const hints = spec.hints ?? {};
  const [check] = words;
  if (check === undefined) return listHints(proc, hints, table);
  const own = hints[check];
  if (!own)
    return refuse(proc, `there are no hints for '${check}'; there are for: ${Object.keys(hints).join(', ') || 'none'}`);
  const given = hintsGiven(table, check);
  const next = own[given];
  if (next) table.set(hintKey(check, given), proc.machine.clock.now());
  for (const each of own.slice(0, given + 1)) await proc.print(`${each.text}\n`);
  if (next && next.price > 0) await proc.print(`(this hint costs ${points(next.price)})\n`);
  if (!next) await proc.print('(there are no more hints for this check)\n');
  return 0;
}

async function listHints(proc: Process, hints: NonNullable<SandboxSpec['hints']>, table: Table): Promise<number> {
  if (Object.keys(hints).length === 0) await proc.print('This lab has no hints.\n');
  for (const [check, own] of Object.entries(hints)) {
    const given = hintsGiven(table, check);
    const next = own[given];
    await proc.print(
      `${check}: ${given} of ${own.length} given${next ? `, the next costs ${points(next.price)}` : ''}\n`,
    );
  }
  return 0;
}

export async function answer(proc: Process, spec: SandboxSpec, table: Table, words: string[]): Promise<number> {
  const questions = spec.questions ?? {};
  const [id, ...rest] = words;
  if (id === undefined) return listQuestions(proc, questions, table);
  const question = questions[id];
  if (!question)
    return refuse(proc, `there is no question '${id}'; there are: ${Object.keys(questions).join(', ') || 'none'}`);
  const given = answersTo(table, id);
  if (rest.length === 0) {
    await proc.print(`${question.text}\n${given.length > 0 ? `your answer: ${given.at(-1)}\n` : ''}`);
    return 0;
  }
  if (given.length >= question.attempts)
    return refuse(proc, `'${id}' was answered ${times(given.length)}, which is as often as it may be`);
  table.set(answerKey(id, given.length), rest.join(' ').trim());
  await proc.print(`Noted. ${times(question.attempts - given.length - 1)} left to change it.\n`);
  return 0;
}

async function listQuestions(
  proc: Process,
  questions: NonNullable<SandboxSpec['questions']>,
  table: Table,
): Promise<number> {
  if (Object.keys(questions).length === 0) await proc.print('This lab has no questions.\n');
  for (const [id, { text }] of Object.entries(questions))
    await proc.print(`${id}: ${text}\n    ${answersTo(table, id).at(-1) ?? '(not answered)'}\n`);
  return 0;
}

async function refuse(proc: Process, sentence: string): Promise<number> {
  await proc.complain(`lab: error: ${sentence}\n`);
  return 1;
}

const points = (price: number): string => (price === 0 ? 'nothing' : price === 1 ? '1 point' : `${price} points`);
const times = (n: number): string => (n === 1 ? 'once' : `${n} times`);
