// Runs through what a program does in its first second and keeps the code that V8 made of it:
// `node FLAGS rehearse.mjs NAME`, beside load.mjs, with the flags that the program will have.
import { writeFileSync } from 'node:fs';
import { codeOf, load, setFlags } from './load.mjs';

const [name] = process.argv.slice(2);
const { script, rehearse } = load(name);
await rehearse();
setFlags(name);
writeFileSync(codeOf(name), script.createCachedData());
process.exit(0);
