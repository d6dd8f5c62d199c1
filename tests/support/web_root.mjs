// A web root as a stock build has one, in small: pages with server-side includes, scripts, sounds. And requests to whoever serves it, with
// bodies as bytes.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as http } from 'node:http';
import { request as https } from 'node:https';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const FILES = {
  'index.html': `<!doctype html><html><head>
<!--#include virtual="head.html" -->
<!--#include virtual="base.html" -->
<!--#include virtual="fonts.html"-->
<script><!--#include virtual="/config.js" --></script>
<script><!--#include virtual="/interface_config.js" --></script>
<script src="libs/app.bundle.min.js?v=1"></script>
<!--#include virtual="title.html" -->
<!--#include virtual="static/welcomePageAdditionalCard.html" -->
</head><body><!--#include virtual="body.html" --><main id="app"></main></body></html>
`,
  'base.html': '<base href="/" />\n',
  'title.html': '<title>Small Meet</title><meta property="og:url" content="https://<!--# echo var="http_host" default="meet.example" -->/">\n',
  'fonts.html': '',
  'body.html': '',
  'static/welcomePageAdditionalCard.html': '<template id="card"></template>\n',
  'interface_config.js': 'var interfaceConfig = { APP_NAME: "Small Meet" };\n',
  'libs/app.bundle.min.js': `document.addEventListener('DOMContentLoaded', () => { document.querySelector('#app').textContent = config.hosts.muc; });\n${'// as long as a bundle\n'.repeat(100)}`,
  'libs/external_api.min.js': 'window.JitsiMeetExternalAPI = class {};\n',
  'sounds/knock.mp3': '0123456789',
  'images/dot.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
  'lang/main-de.json': '{"hello":"Hallo"}',
  'manifest.json': '{"name":"Small Meet"}',
  'pwa-worker.js': '// nothing\n',
};

/** A directory with these files, and the path of each by `at`. */
export function webRoot(context, more = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'conclave-web-root-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const at = (name) => join(folder, name);
  const write = (name, content) => {
    mkdirSync(dirname(at(name)), { recursive: true });
    writeFileSync(at(name), content);
  };
  for (const [name, content] of Object.entries({ ...FILES, ...more })) write(name, content);
  return { folder, at, write };
}

/** One request to the plain port, or with `tls` to the other: {status, headers, bytes, text}. The path goes out as it is written. */
export function ask(server, path, { method = 'GET', headers = {}, tls = false } = {}) {
  return new Promise((resolve, reject) => {
    const options = { host: server.host, port: tls ? server.https : server.http, path, method, headers, agent: false, rejectUnauthorized: false };
    const sent = (tls ? https : http)(options, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => {
        const bytes = Buffer.concat(chunks);
        resolve({ status: response.statusCode, headers: response.headers, bytes, text: bytes.toString() });
      });
    });
    sent.on('error', reject);
    sent.end();
  });
}

/** What a config.js comes to. */
export const evaluate = (script) => new Function(`${script}; return config;`)();
