// The syntax tree, as just-bash's parser makes it, under the names used here.
import type { CommandNode, PipelineNode, ScriptNode, SimpleCommandNode, StatementNode, WordNode } from 'just-bash';

type Node<T extends CommandNode['type']> = Extract<CommandNode, { type: T }>;
export type WordPart = WordNode['parts'][number];
type Part<T extends WordPart['type']> = Extract<WordPart, { type: T }>;

export type ArithmeticCommandNode = Node<'ArithmeticCommand'>;
export type Assignment = SimpleCommandNode['assignments'][number];
export type Redirection = SimpleCommandNode['redirections'][number];
export type HereDoc = Exclude<Redirection['target'], WordNode>;
export type Condition = Node<'ConditionalCommand'>['expression'];
export type FunctionDef = Node<'FunctionDef'>;
export type If = Node<'If'>;
export type For = Node<'For'>;
export type CStyleFor = Node<'CStyleFor'>;
export type Case = Node<'Case'>;
export type Parameter = Part<'ParameterExpansion'>;
export type Operation = NonNullable<Parameter['operation']>;
export type Brace = Part<'BraceExpansion'>;
export type ProcessSubstitution = Part<'ProcessSubstitution'>;
export type Arithmetic = Part<'ArithmeticExpansion'>['expression'];

/** A word of `declare`, `local`, `export` that is an array assignment, put in place by `arrange`. */
export interface DeclaredArray {
  type: 'DeclaredArray';
  assignment: Assignment;
}

export type { CommandNode, PipelineNode, ScriptNode, SimpleCommandNode, StatementNode, WordNode };
