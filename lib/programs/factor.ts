// factor: the primes of numbers, by trial and then by Pollard's rho.
import type { Process, Program } from '../machine/process';
import { getopt } from './getopt';
import { fail, quote, refused, textOf } from './tool';

const TRIED = 10_000n; // divisors that are looked for one by one
const WITNESSES = [2n, 3n, 5n, 7n, 11n, 13n, 17n, 19n, 23n, 29n, 31n, 37n]; // decide for all below 3.3e24, and nearly for all above
const LONGEST = 40; // digits: beyond, the search may take hours

export const factor: Program = async (proc) => {
  const options = getopt(proc.argv, '');
  const bad = await refused(proc, options);
  if (bad !== undefined) return bad;
  const words = options.rest.length > 0 ? options.rest : (await textOf(proc, '-')).split(/\s+/).filter(Boolean);
  let status = 0;
  for (const word of words) {
    const digits = word.replace(/^\+?0*(?=\d)/, '');
    if (!/^\d+$/.test(digits)) status = await fail(proc, `${quote(proc, word)} is not a valid positive integer`);
    else if (digits.length > LONGEST) status = await fail(proc, `${quote(proc, word)} is too large`);
    else await proc.print(`${[`${digits}:`, ...(await primesOf(proc, BigInt(digits)))].join(' ')}\n`);
  }
  return status;
};

async function primesOf(proc: Process, number: bigint): Promise<bigint[]> {
  const primes: bigint[] = [];
  let left = number;
  for (let divisor = 2n; divisor < TRIED && divisor * divisor <= left; divisor += divisor === 2n ? 1n : 2n)
    for (; left % divisor === 0n; left /= divisor) primes.push(divisor);
  const large = left > 1n ? await split(proc, left) : [];
  return [...primes, ...large.sort((a, b) => (a < b ? -1 : 1))];
}

async function split(proc: Process, number: bigint): Promise<bigint[]> {
  if (number < TRIED * TRIED || isPrime(number)) return [number];
  const divisor = await rho(proc, number);
  return [...(await split(proc, divisor)), ...(await split(proc, number / divisor))];
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let [result, square] = [1n, base % modulus];
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

/** Miller and Rabin's test. */
function isPrime(number: bigint): boolean {
  let [odd, twos] = [number - 1n, 0];
  for (; (odd & 1n) === 0n; odd >>= 1n) twos++;
  return WITNESSES.every((witness) => {
    let x = power(witness, odd, number);
    if (x === 1n || x === number - 1n) return true;
    for (let i = 1; i < twos; i++) {
      x = (x * x) % number;
      if (x === number - 1n) return true;
    }
    return false;
  });
}

const gcd = (a: bigint, b: bigint): bigint => {
  let [x, y] = [a, b];
  while (y) [x, y] = [y, x % y];
  return x;
};

const STEPS = 128; // of rho between two looks at a common divisor

/** A divisor of a number that is no prime. */
async function rho(proc: Process, number: bigint): Promise<bigint> {
  for (let constant = 1n; ; constant++) {
    const next = (x: bigint) => (x * x + constant) % number;
    let [slow, fast, divisor] = [2n, 2n, 1n];
    while (divisor === 1n) {
      await proc.tick();
      const [slowBefore, fastBefore] = [slow, fast];
      let product = 1n;
      for (let i = 0; i < STEPS; i++) {
        slow = next(slow);
        fast = next(next(fast));
        product = (product * (slow > fast ? slow - fast : fast - slow)) % number;
      }
      divisor = gcd(product, number);
      if (divisor === number) divisor = stepwise(next, slowBefore, fastBefore, number);
    }
    if (divisor !== number) return divisor;
  }
}

/** The same steps one by one, where many at once have run past the divisor. */
function stepwise(next: (x: bigint) => bigint, from: bigint, to: bigint, number: bigint): bigint {
  let [slow, fast] = [from, to];
  for (;;) {
    slow = next(slow);
    fast = next(next(fast));
    const divisor = gcd(slow > fast ? slow - fast : fast - slow, number);
    if (divisor !== 1n) return divisor;
  }
}
