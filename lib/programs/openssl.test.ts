import { expect, test } from 'vitest';
import { runBash } from '../shell/testing/run';
import { programs } from './index';

const run = (script: string, more: object = {}) => runBash(script, { programs, ...more });

test('a certificate authority, a request, a certificate with names', async () => {
  const { stdout, code } = await run(`
openssl req -x509 -newkey rsa:2048 -nodes -days 365 -keyout ca.key -out ca.crt -subj '/O=Lab/CN=ca' 2>/dev/null
openssl genrsa -out web.key 2048
openssl req -new -key web.key -out web.csr -subj /CN=web.example.com -addext 'subjectAltName=DNS:web.example.com,IP:10.0.0.1'
openssl x509 -req -in web.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 1 -out web.crt 2>/dev/null
openssl x509 -in web.crt -noout -subject -issuer -dates -ext subjectAltName
grep -c BEGIN ca.key web.key web.crt`);
  expect(code).toBe(0);
  expect(stdout).toBe(`subject=CN = web.example.com
issuer=O = Lab, CN = ca
notBefore=Jan  1 00:00:00 2026 GMT
notAfter=Jan  2 00:00:00 2026 GMT
X509v3 Subject Alternative Name: 
    DNS:web.example.com, IP Address:10.0.0.1
ca.key:1
web.key:1
web.crt:1
`);
});

test.each([
  ['openssl rand -hex 8 | wc -c', '17\n', 0],
  ['openssl rand -base64 6 | wc -c', '9\n', 0],
  ['echo hi | openssl base64', 'aGkK\n', 0],
  [
    'printf hi | openssl dgst -sha256',
    'SHA256(stdin)= 8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4\n',
    0,
  ],
  ['openssl nonsense', '', 1],
  ["perl -Mbignum=bpi -wle 'print bpi(20)'", '3.1415926535897932385\n', 0],
  ['cmp <(echo a) <(echo a)', '', 0],
  ['shuf -i 3-3', '3\n', 0],
  ['nohup echo x', 'x\n', 0],
])('%s', async (script, stdout, code) => {
  expect(await run(script)).toMatchObject({ stdout, code });
});

test('sudo asks /etc/sudoers', async () => {
  expect(await run('sudo id -u')).toMatchObject({
    stdout: '',
    stderr: 'student is not in the sudoers file.  This incident will be reported.\n',
    code: 1,
  });
  const files = { '/etc/sudoers': 'student ALL=(ALL) NOPASSWD: ALL\n' };
  expect(await run('sudo id -u; sudo -u nobody2 id; sudo nope', { files })).toMatchObject({
    stdout: '0\n',
    stderr:
      'sudo: unknown user nobody2\nsudo: error initializing audit plugin sudoers_audit\nsudo: nope: command not found\n',
  });
});
