import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, until } from './command.mjs';

/** A configuration as a careful person writes it: TLS, static files, the app behind its socket. */
const CONFIGURATION = ({ port, certificate, key, app, files, user }) => `
daemon off; pid nginx.pid; error_log stderr; worker_processes auto; ${user}
events { worker_connections 1024; }
http {
  include /etc/nginx/mime.types;
  sendfile on; tcp_nopush on; access_log access.log; gzip on; gzip_types text/css application/javascript;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
  upstream app { server unix:${app}; }
  server {
    listen 127.0.0.1:${port} ssl; server_name localhost;
    ssl_certificate ${certificate}; ssl_certificate_key ${key}; ssl_session_cache shared:tls:1m; ssl_protocols TLSv1.2 TLSv1.3;
    location /static/ { alias ${files}/; expires max; }
    location / {
      proxy_pass http://app;
      proxy_set_header Host $http_host; proxy_set_header X-Forwarded-For $remote_addr; proxy_set_header X-Forwarded-Proto https;
    }
  }
}
`;

/** @returns how to stop it */
export async function handWritten(folder, wish) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'nginx.conf'), CONFIGURATION({ ...wish, user: process.getuid?.() === 0 ? 'user root;' : '' }));
  const child = spawn('/usr/sbin/nginx', ['-e', 'stderr', '-p', folder, '-c', 'nginx.conf'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said += text;
  });
  await until('nginx by hand', () =>
    run(['curl', '-sfko', '/dev/null', `https://localhost:${wish.port}/`]).then(() => true),
  ).catch((error) => {
    child.kill('SIGKILL');
    throw new Error(`${error}\n${said}`);
  });
  return async () => {
    const gone = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGTERM');
    await gone;
  };
}
