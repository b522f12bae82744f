// Sign-in by e-mail and password: better-auth over our tables, with a back-off for each account.
import { betterAuth } from 'better-auth';
import { prismaAdapter } from 'better-auth/adapters/prisma';
import { APIError, createAuthMiddleware } from 'better-auth/api';
import { hashPassword } from 'better-auth/crypto';
import type { Database } from './database/client';
import { UserError } from './errors';
import type { Role, Viewer } from './permissions';
import { SignInBackOff } from './sign-in-back-off';

/** Set by our own server from the connection, never believed from outside. */
export const CLIENT_ADDRESS_HEADER = 'x-podlab-client-address';
/** A class of forty may sit behind one address; guessing is stopped for each account instead. */
const SIGN_INS_PER_TEN_SECONDS = 60;

export interface Auth {
  /** Answers /api/auth/*. */
  handle(request: Request): Promise<Response>;
  findViewer(headers: Headers): Promise<Viewer | undefined>;
  /** @throws {UserError} `signed-out` */
  getViewer(headers: Headers): Promise<Viewer>;
  createUser(user: { name: string; email: string; password: string; role: Role }): Promise<string>;
  setPassword(userId: string, password: string): Promise<void>;
}

export function openAuth(prisma: Database, secret: string, url: string): Auth {
  const auth = better(prisma, secret, url);
  const findViewer = async (headers: Headers): Promise<Viewer | undefined> => {
    const session = await auth.api.getSession({ headers });
    if (!session) return undefined;
    const { id, name, email, role } = session.user;
    return { id, name, email, role: role as Role };
  };
  const setPassword = async (userId: string, password: string): Promise<void> => {
    const credential = { providerId: 'credential', accountId: userId, userId };
    await prisma.account.deleteMany({ where: credential });
    await prisma.account.create({
      data: { ...credential, id: crypto.randomUUID(), password: await hashPassword(password) },
    });
  };
  return {
    handle: (request) => auth.handler(request),
    findViewer,
    async getViewer(headers) {
      const viewer = await findViewer(headers);
      if (!viewer) throw new UserError('signed-out');
      return viewer;
    },
    setPassword,
    async createUser({ password, ...user }) {
      const id = crypto.randomUUID();
      await prisma.user.create({ data: { ...user, id, emailVerified: true } });
      await setPassword(id, password);
      return id;
    },
  };
}

function better(prisma: Database, secret: string, url: string) {
  const backOff = new SignInBackOff(Date.now);
  return betterAuth({
    secret,
    baseURL: url,
    basePath: '/api/auth',
    // The address in the browser may be another name of this host; Origin must be the very host that was asked.
    trustedOrigins: (request) => (request ? [originOf(request)] : []),
    logger: { level: 'error' },
    telemetry: { enabled: false },
    database: prismaAdapter(prisma, { provider: 'postgresql' }),
    emailAndPassword: { enabled: true, disableSignUp: true },
    user: { additionalFields: { role: { type: 'string', input: false, defaultValue: 'student' } } },
    rateLimit: {
      enabled: true,
      window: 10,
      max: 300,
      customRules: { '/sign-in/email': { window: 10, max: SIGN_INS_PER_TEN_SECONDS } },
    },
    advanced: { ipAddress: { ipAddressHeaders: [CLIENT_ADDRESS_HEADER] } },
    hooks: {
      before: createAuthMiddleware(async (context) => {
        if (context.path !== '/sign-in/email') return;
        const seconds = backOff.secondsToWait(String(context.body?.email));
        if (seconds > 0)
          throw new APIError('TOO_MANY_REQUESTS', { message: `Too many wrong passwords. Try again in ${seconds} s.` });
      }),
      after: createAuthMiddleware(async (context) => {
        if (context.path !== '/sign-in/email') return;
        const failed = context.context.returned instanceof APIError;
        backOff.note(String(context.body?.email), failed);
      }),
    },
  });
}

function originOf(request: Request): string {
  const host = request.headers.get('host') ?? new URL(request.url).host;
  return `${new URL(request.url).protocol}//${host}`;
}
