// The one Prisma client, on the embedded PostgreSQL or on the server that DATABASE_URL names.
import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from '../../../prisma/client/client';
import { type DatabaseAddress, startDatabase } from './launcher';
import { migrate } from './migrate';

export type Database = PrismaClient;

export interface OpenDatabase {
  prisma: Database;
  close(): Promise<void>;
}

export interface DatabasePlace {
  dataDir: string;
  socketDir: string;
  migrations: string;
  /** Use this server instead of the embedded one. */
  url?: string | undefined;
}

/** Starts or reaches the database, applies migrations, hands out the client. */
export async function openDatabase({ dataDir, socketDir, migrations, url }: DatabasePlace): Promise<OpenDatabase> {
  const running = url ? undefined : await startDatabase(dataDir, socketDir);
  try {
    const address: DatabaseAddress | { connectionString: string } = running?.address ?? { connectionString: url ?? '' };
    await migrate(address, migrations);
    const prisma = new PrismaClient({ adapter: new PrismaPg({ ...address, max: 10 }) });
    return {
      prisma,
      close: async () => {
        await prisma.$disconnect();
        await running?.close();
      },
    };
  } catch (error) {
    await running?.close();
    throw error;
  }
}
