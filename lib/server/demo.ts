// The demo: a course with one account of each role, made at the first start. Their passwords stand on the sign-in page, so
// outside demo mode these accounts cannot sign in.
import type { Auth } from './auth';
import type { Database } from './database/client';
import type { Labs } from './labs/labs';
import type { Role } from './permissions';

export interface DemoAccount {
  role: Role;
  name: string;
  email: string;
  password: string;
}

export const DEMO_ACCOUNTS: DemoAccount[] = [
  { role: 'student', name: 'Sam Student', email: 'student@podlab.example', password: 'student-demo' },
  { role: 'instructor', name: 'Ines Instructor', email: 'instructor@podlab.example', password: 'instructor-demo' },
  { role: 'author', name: 'Ada Author', email: 'author@podlab.example', password: 'author-demo' },
];
const TITLE = 'Demo course: Kubernetes networking';

/** A further student of the demo, for measurements. */
export const extraStudent = (n: number): DemoAccount => ({
  role: 'student',
  name: `Student ${n}`,
  email: `student${n}@podlab.example`,
  password: 'student-demo',
});

/** @param extra how many further students */
export async function makeDemo(prisma: Database, auth: Auth, labs: Labs, extra = 0): Promise<void> {
  await labs.newest(); // what lies in the folder is taken in before anybody asks
  const course = await prisma.course.upsert({
    where: { title: TITLE },
    create: { title: TITLE, everyLab: true },
    update: { everyLab: true },
  });
  const extras = Array.from({ length: extra }, (_, i) => extraStudent(i + 1));
  for (const account of [...DEMO_ACCOUNTS, ...extras]) {
    const userId = await ensure(prisma, auth, account);
    const { role } = account;
    const key = { userId, courseId: course.id };
    await prisma.enrollment.upsert({ where: { userId_courseId: key }, create: { ...key, role }, update: {} });
  }
}

/** Takes the known passwords away, and whoever is signed in with them out. */
export async function closeDemo(prisma: Database): Promise<void> {
  const user = { email: { in: DEMO_ACCOUNTS.map(({ email }) => email) } };
  await prisma.$transaction([
    prisma.session.deleteMany({ where: { user } }),
    prisma.account.deleteMany({ where: { user, providerId: 'credential' } }),
  ]);
}

async function ensure(prisma: Database, auth: Auth, account: DemoAccount): Promise<string> {
  const user = await prisma.user.findUnique({ where: { email: account.email }, include: { accounts: true } });
  if (!user) return auth.createUser(account);
  if (user.accounts.length === 0) await auth.setPassword(user.id, account.password);
  return user.id;
}
