import { betterAuth } from 'better-auth';
import { organization, jwt } from 'better-auth/plugins';
import { createPool } from 'mysql2/promise';

export const pool = createPool({
  host: '127.0.0.1',
  port: +process.env.DB_PORT,
  user: 'bench',
  password: 'bench',
  database: process.env.DB_NAME,
  connectionLimit: 10,
  timezone: 'Z',
});
const tuned = process.env.BA_TUNED === '1';
export const auth = betterAuth({
  baseURL: `http://127.0.0.1:${process.env.PORT ?? 43099}`,
  secret: process.env.BETTER_AUTH_SECRET,
  database: pool,
  emailAndPassword: { enabled: true },
  rateLimit: { enabled: false }, // on by default in production; off here so that load is possible
  telemetry: { enabled: false },
  session: tuned ? { cookieCache: { enabled: true, maxAge: 43200 } } : {},
  advanced: tuned ? { database: { joins: true } } : {},
  plugins: [
    organization({ membershipLimit: 1_000_000, invitationLimit: 1_000_000, sendInvitationEmail: async () => {} }), // null transport
    jwt({ disableSettingJwtHeader: true }), // GET /token, the nearest thing to a refresh; without its header on every session read
  ],
});
