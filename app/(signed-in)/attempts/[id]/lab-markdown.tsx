// The Markdown of a lab as HTML: what labs add to it, then the sanitiser, whose word is the last.
import Markdown, { type Components } from 'react-markdown';
import rehypeSanitize from 'rehype-sanitize';
import remarkGfm from 'remark-gfm';
import { labMarks } from './lab-marks';

export function LabMarkdown({ text, components }: { text: string; components: Components }) {
  return (
    <Markdown remarkPlugins={[remarkGfm, labMarks]} rehypePlugins={[rehypeSanitize]} components={components}>
      {text}
    </Markdown>
  );
}
