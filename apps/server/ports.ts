import { createServer } from 'node:net';
import type { ServerConfig } from './config.ts';

/** A port that this process is to listen on. */
export interface Port {
  readonly name: 'public' | 'admin';
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
}

/** The ports of a process. */
export const portsOf = ({ host, port, adminHost, adminPort }: ServerConfig): Readonly<Record<Port['name'], Port>> => ({
  admin: { name: 'admin', host: adminHost, port: adminPort },
  public: { name: 'public', host, port },
});

const SETTINGS = { admin: 'ADMIN_PORT (--admin-port)', public: 'PORT (--port)' } as const;

/** Runs what listens on a port. @throws Error that names the port and its setting when it is taken or needs privileges. */
export async function listening<T>({ name, host, port }: Port, listen: () => Promise<T>): Promise<T> {
  try {
    return await listen();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const setting = SETTINGS[name];
    if (code === 'EADDRINUSE') {
      throw new Error(`the ${name} port ${host}:${port} is in use by another program; stop it or set ${setting}`, {
        cause,
      });
    }
    if (code === 'EACCES')
      throw new Error(`the ${name} port ${port} needs privileges; set ${setting} to 1024 or more`, { cause });
    throw cause;
  }
}

/**
 * Looks whether the ports can be had, before a start that takes seconds. One that is taken meanwhile is found when it is opened.
 * @throws Error as `listening` does.
 */
export async function checkPorts(config: ServerConfig): Promise<void> {
  for (const port of Object.values(portsOf(config))) if (port.port !== 0) await listening(port, () => tryPort(port));
}

const tryPort = ({ host, port }: Port): Promise<void> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host, port }, () => server.close(() => resolve()));
  });
