import { deflateRawSync } from 'node:zlib';
import { strToU8, type Zippable, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { template } from '../../labs/template';
import { pack, toCourse } from './course-archive';
import { unpack } from './unpack';

const LINK = 0o120777 << 16;
const zip = (files: Zippable): Uint8Array => zipSync(files);
const text = (content: string) => strToU8(content);
const lab = (id: string, changes: Record<string, string> = {}): Record<string, Uint8Array> =>
  Object.fromEntries(Object.entries({ ...template(id), ...changes }).map(([path, it]) => [`${id}/${path}`, text(it)]));

/** An archive of one entry whose declared size is a lie. */
function lying(name: string, content: Uint8Array, declared: number): Uint8Array {
  const honest = zipSync({ [name]: [content, { level: 9 }] });
  const view = new DataView(honest.buffer);
  const directory = view.getUint32(honest.length - 6, true);
  view.setUint32(22, declared, true);
  view.setUint32(directory + 24, declared, true);
  return honest;
}

describe('what an archive may not be', () => {
  const big = new Uint8Array(600 * 1024);
  it.each<[string, Uint8Array, RegExp]>([
    ['no archive', text('hello'), /cannot be read: it is not a zip/],
    ['nothing', new Uint8Array(), /cannot be read/],
    ['cut off', zip(lab('a')).subarray(0, 900), /cannot be read/],
    ['a path that climbs out', zip({ '../../etc/cron.d/x': text('x') }), /\.\.\/\.\.\/etc\/cron\.d\/x/],
    ['a path that climbs within', zip({ 'a/../../x': text('x') }), /a\/\.\.\/\.\.\/x/],
    ['an absolute path', zip({ '/etc/passwd': text('x') }), /\/etc\/passwd/],
    ['a drive', zip({ 'C:/x': text('x') }), /C:\/x/],
    ['a backslash', zip({ 'a\\..\\x': text('x') }), /a\\\.\.\\x/],
    ['a hidden file', zip({ 'a/.bashrc': text('x') }), /a\/\.bashrc/],
    ['a symbolic link', zip({ 'a/link': [text('/etc/passwd'), { os: 3, attrs: LINK }] }), /a\/link: not a plain file/],
    ['a file that is too big', zip({ 'a/huge.md': big }), /a\/huge\.md: larger than 512 KB/],
    ['a bomb of one file', zip({ 'a/bomb': [new Uint8Array(50_000_000), { level: 9 }] }), /a\/bomb: larger than/],
    [
      'a bomb of many files',
      zip(
        Object.fromEntries(Array.from({ length: 80 }, (_, i) => [`a/b${i}`, [big.subarray(0, 500_000), { level: 9 }]])),
      ),
      /a\/b\d+: with it the archive holds more than 32 MB/,
    ],
    [
      'too many files',
      zip(Object.fromEntries(Array.from({ length: 5001 }, (_, i) => [`a/${i}`, text('')]))),
      /more than 5000/,
    ],
    ['a size that is a lie', lying('a/lie.md', new Uint8Array(5_000_000), 10), /a\/lie\.md/],
    ['a file that is no text', zip({ 'a/logo.png': Uint8Array.from([0x89, 0x50, 0, 1]) }), /a\/logo\.png: not a text/],
  ])('%s', async (_, archive, message) => {
    await expect(unpack(archive)).rejects.toMatchObject({
      code: 'bad-archive',
      message: expect.stringMatching(message),
    });
  });

  it('an archive that is too big', async () => {
    await expect(unpack(new Uint8Array(17 * 1024 * 1024))).rejects.toMatchObject({ code: 'too-large' });
    expect(deflateRawSync(new Uint8Array(17 * 1024 * 1024)).length).toBeLessThan(100_000); // why sizes are looked at first
  });
});

describe('a course', () => {
  const read = async (files: Zippable) => toCourse(await unpack(zip(files)));

  it('comes back as it was packed, the same bytes each time', async () => {
    const course = { title: 'Networks', labs: ['two', 'one'].map((id) => ({ id, files: template(id) })) };
    expect(pack(course)).toEqual(pack(course));
    expect(toCourse(await unpack(pack(course)))).toEqual(course);
  });

  it('may lie in a folder, and carry what file managers leave', async () => {
    const inside = Object.fromEntries(Object.entries(lab('one')).map(([path, it]) => [`labs/${path}`, it]));
    const clutter = { '__MACOSX/labs/._one': Uint8Array.from([0, 5]), 'labs/.DS_Store': Uint8Array.from([0]) };
    const { title, labs } = await read({ ...inside, ...clutter, 'labs/lab.schema.json': text('{}') });
    expect([title, labs.map(({ id }) => id)]).toEqual([undefined, ['one']]);
  });

  it.each<[string, Zippable, RegExp]>([
    ['no lab', { 'a/b.md': text('') }, /there is no lab\.yaml in it|a\/lab\.yaml:1:1: missing/],
    [
      'a broken lab among good ones',
      { ...lab('good'), ...lab('bad', { 'lab.yaml': 'title: [' }) },
      /bad\/lab\.yaml:1:\d+: /,
    ],
    [
      'an unknown grader',
      lab('x', { 'lab.yaml': (template('x')['lab.yaml'] ?? '').replace('endpoints\n', 'endpoint\n') }),
      /x\/lab\.yaml:\d+:\d+: /,
    ],
    ['a stray file', { ...lab('good'), 'notes.doc': text('x') }, /notes\.doc: belongs to no lab/],
    ['a folder that is no lab', { ...lab('good'), 'extra/x.md': text('x') }, /extra\/lab\.yaml:1:1: missing/],
    [
      'a lab named in the course and not there',
      { ...lab('good'), 'course.yaml': text('title: A\nlabs: [good, gone]') },
      /no folder gone/,
    ],
    ['a course file that is broken', { ...lab('good'), 'course.yaml': text('title: [') }, /course\.yaml: /],
    ['a course without a title', { ...lab('good'), 'course.yaml': text('labs: [good]') }, /course\.yaml: title/],
    [
      'a bad id',
      Object.fromEntries(Object.entries(template('x')).map(([path, it]) => [`Big Lab/${path}`, text(it)])),
      /Big Lab/,
    ],
  ])('is refused with %s', async (_, files, message) => {
    await expect(read(files)).rejects.toMatchObject({ code: 'bad-archive', message: expect.stringMatching(message) });
  });
});
