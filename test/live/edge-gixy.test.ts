import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Edge, nginxPrograms } from '../support/edge.js';
import { gixyFindings } from '../support/gixy.js';

for (const { name, program } of nginxPrograms()) {
  test(`gixy finds nothing in the configuration for ${name}`, async () => {
    const edge = await Edge.start(program, (_, response) => response.end(), {
      cache: { seconds: 1, paths: ['/'] },
      loginPaths: ['/admin/login/'],
      hstsSeconds: 3600,
    });
    try {
      const file = join(edge.folder, 'edge/nginx.conf');
      assert.deepEqual(gixyFindings(file), []);
      writeFileSync(
        file,
        readFileSync(file, 'utf8').replace('server_tokens off;', '').replace('$host$slipway_port;', '$http_host;'),
      );
      assert.deepEqual(gixyFindings(file).sort(), ['host_spoofing', 'version_disclosure']);
    } finally {
      await edge.stop();
    }
  });
}
