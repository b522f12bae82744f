// Path arithmetic on absolute POSIX paths. No file is looked at.

export const parts = (path: string): string[] => path.split('/').filter(Boolean);

/** Joins and normalises: `normalize('/a/b', '../c')` is `/a/c`. Symbolic links are not followed. */
export function normalize(cwd: string, path: string): string {
  const out: string[] = [];
  for (const part of [...(path.startsWith('/') ? [] : parts(cwd)), ...parts(path)]) {
    if (part === '..') out.pop();
    else if (part !== '.') out.push(part);
  }
  return `/${out.join('/')}`;
}

export const dirname = (path: string): string => path.slice(0, Math.max(1, path.lastIndexOf('/')));

export const basename = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

export const join = (dir: string, name: string): string => (dir === '/' ? `/${name}` : `${dir}/${name}`);
