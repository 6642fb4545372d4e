import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { run } from '../cli/leftfold.js';

/** Runs commands of the command line for a shell, in this process, so that the application need not be loaded for each. */
export class ServedCommands {
  private constructor(private readonly server: Server) {}

  static async start(): Promise<ServedCommands> {
    const server = createServer((request, response) => {
      void text(request).then(async (body) => {
        const [url = '', viewsUrl = '', line = ''] = body.split('\n');
        const { code, stdout, stderr } = await run({ url, viewsUrl }, line);
        response.writeHead(code === 0 ? 200 : 500).end(code === 0 ? stdout : stderr);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new ServedCommands(server);
  }

  /** A Bash function that replaces `npx leftfold`. It reads the database from the shell's variables. */
  get npx(): string {
    const { port } = this.server.address() as AddressInfo;
    const lines = `printf '%s\\n' "$DATABASE_URL" "$VIEWS_DATABASE_URL" "\${*:2}"`;
    return `npx() { ${lines} | curl -sS --fail-with-body --data-binary @- http://127.0.0.1:${port}; }`;
  }

  async close(): Promise<void> {
    await new Promise((resolve) => this.server.close(resolve));
  }
}
