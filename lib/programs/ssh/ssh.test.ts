import { expect, test } from 'vitest';
import { nodeFiles } from '../../images/node';
import { toBytes, toText } from '../../machine/fs';
import { host, smallNetwork } from '../../machine/testing/host';
import { programs } from '../index';
import { privateText, WORKSTATION_KEY } from './keys';

/** A workstation with the key, on a terminal, and a node that has an sshd. */
async function pair() {
  const world = smallNetwork();
  const all = Object.fromEntries(programs);
  const own = { uid: 1000, gid: 1000 };
  const box = host(world, 'box', '192.168.50.20', all, {
    '/etc/hosts': '192.168.50.11 node1\n192.168.50.12 deaf\n',
    '/home/student/.ssh': { type: 'dir', mode: 0o700, ...own },
    '/home/student/.ssh/id_ed25519': {
      type: 'file',
      mode: 0o600,
      data: toBytes(privateText(WORKSTATION_KEY, 'me')),
      ...own,
    },
  });
  const files = nodeFiles({
    node: 'node1',
    profile: 'openshift',
    netd: { file: '10-x.conf', config: {} },
    dns: { nameservers: [], searches: [] },
  });
  const node = host(world, 'node1', '192.168.50.11', all, Object.fromEntries(files));
  host(world, 'deaf', '192.168.50.12', {});
  node.start(['/usr/sbin/sshd', '-D'], { env: { PATH: '/usr/bin' } });
  const terminal = box.terminal({ columns: 80, rows: 24 });
  box.start(['-bash'], {
    terminal,
    ...own,
    cwd: '/home/student',
    env: { PATH: '/usr/bin', HOME: '/home/student', PS1: '$ ', TERM: 'xterm' },
  });
  let output = '';
  void (async () => {
    for (let chunk = await terminal.output.read(); chunk; chunk = await terminal.output.read()) output += toText(chunk);
  })();
  await world.clock.settle();
  const type = async (text: string) => {
    output = '';
    terminal.input(toBytes(text));
    await world.clock.settle();
    return output.replace(/\x1b\[[0-9;?]*[a-zA-Z]/g, '').replaceAll('\r', '');
  };
  return { box, node, terminal, type };
}

test('the first time ssh asks for the host, then gives a shell', async () => {
  const { box, type } = await pair();
  const question = await type('ssh core@node1\r');
  expect(question).toMatch(
    /The authenticity of host 'node1 \(192\.168\.50\.11\)' can't be established\.\nED25519 key fingerprint is SHA256:[\w+/]{43}\.\nThis key is not known by any other names\nAre you sure you want to continue connecting \(yes\/no\/\[fingerprint\]\)\? $/,
  );
  expect(await type('what\r')).toContain("Please type 'yes', 'no' or the fingerprint: ");
  const greeting = await type('yes\r');
  expect(greeting).toContain("Warning: Permanently added 'node1' (ED25519) to the list of known hosts.\n");
  expect(greeting).toContain('Part of OpenShift 4.18');
  expect(greeting).toMatch(/\[core@node1 ~\]\$ $/);
  expect(await type('sudo -i\r')).toMatch(/# $/);
  expect(await type('id -u\r')).toContain('\n0\n');
  await type('exit\r');
  expect(await type('echo $SSH_TTY $COLUMNS; exit 3\r')).toContain(
    '/dev/pts/0 80\nlogout\nConnection to node1 closed.\n$ ',
  );
  expect(await type('echo $?\r')).toContain('\n3\n');
  expect(box.text('/home/student/.ssh/known_hosts')).toMatch(/^node1 ssh-ed25519 AAAAC3Nza\S+\n$/);
});

test('a remote terminal hears keys and its size', async () => {
  const { terminal, type } = await pair();
  await type('ssh -o StrictHostKeyChecking=no core@node1\r');
  await type('sleep 100\r');
  expect(await type('\x03')).toMatch(/\^C\n\[core@node1 ~\]\$ $/);
  terminal.resize({ columns: 100, rows: 30 });
  expect(await type('stty size\r')).toContain('30 100');
  await type('\r');
  expect(await type('~.')).toContain('Connection to node1 closed.');
});

test.each<[string, string]>([
  ['ssh core@node1 "hostname; id -un; exit 5"; echo $?', 'node1\ncore\n5\n'],
  ['echo in | ssh core@node1 cat; ssh -n core@node1 cat', 'in\n'],
  ['ssh core@node1 nope; echo $?', 'bash: line 1: nope: command not found\n127\n'],
  ['ssh -l root node1 id; echo $?', 'root@node1: Permission denied (publickey,gssapi-keyex,gssapi-with-mic).\n255\n'],
  ['ssh core@nowhere; echo $?', 'ssh: Could not resolve hostname nowhere: Temporary failure in name resolution\n255\n'],
  ['ssh core@deaf', 'ssh: connect to host deaf port 22: Connection refused\n'],
  ['ssh -p 2222 core@node1', 'ssh: connect to host node1 port 2222: Connection refused\n'],
  ['chmod 644 .ssh/id_ed25519; ssh core@node1', 'Permissions 0644 for'],
  ["sed -i 's/AAAAC3/AAAAC4/' .ssh/known_hosts; ssh core@node1", 'Host key verification failed.\n'],
  ['ssh-keyscan node1 2>/dev/null | diff - .ssh/known_hosts && echo same', 'same\n'],
  ['ssh-keygen -R node1; ssh-keygen -F node1; echo $?', 'updated.\nOriginal contents retained as'],
  ['nc -w1 node1 22 </dev/null | head -1', 'SSH-2.0-OpenSSH_8.7\n'],
])('%s', async (command, answer) => {
  const { type } = await pair();
  await type('ssh -o StrictHostKeyChecking=no core@node1 true\r');
  expect(await type(`${command}\r`)).toContain(answer);
});

test.each<[string, string, string]>([
  ['a user and another name', 'Host n\\n  HostName node1\\n  User core\\n', 'ssh n id -un'],
  [
    'patterns, an exception, the first value of two',
    'Host x*\\n User no\\nHost !x* n*\\n User=core\\n User root\\n',
    'ssh node1 id -un',
  ],
  ['the command line before all', 'Host *\\n  User root\\n  Port 2222\\n', 'ssh -p 22 core@node1 id -un'],
  ['comments and Match all', '# Host *\\nMatch host x\\n User no\\nMatch all\\n  User "core"\\n', 'ssh node1 id -un'],
])('a configuration: %s', async (_, config, command) => {
  const { type } = await pair();
  await type(`printf '${config}StrictHostKeyChecking accept-new\\n' >.ssh/config\r`);
  expect(await type(`${command}\r`)).toContain('core\n$ ');
});

test('a key made by ssh-keygen opens a door that names it', async () => {
  const { type } = await pair();
  const made = await type("ssh-keygen -N '' -f .ssh/other\r");
  expect(made).toMatch(/Your public key has been saved in \.ssh\/other\.pub\nThe key fingerprint is:\nSHA256:/);
  await type('ssh -o StrictHostKeyChecking=no core@node1 "cat >>.ssh/authorized_keys" <.ssh/other.pub\r');
  await type('mv .ssh/id_ed25519 .ssh/away\r');
  expect(await type('ssh core@node1 whoami\r')).toContain('Permission denied');
  expect(await type('ssh -i .ssh/other core@node1 whoami\r')).toContain('\ncore\n');
});

test('scp brings files and folders there, and files back', async () => {
  const { type } = await pair();
  await type('ssh -o StrictHostKeyChecking=no core@node1 true\r');
  await type('mkdir -p /tmp/d/e; echo hello > /tmp/a; echo deep > /tmp/d/e/f; cd /tmp\r');
  expect(await type('scp a core@node1:/tmp/; scp -r d core@node1:/var/tmp; echo $?\r')).toContain('\n0\n');
  expect(await type('ssh core@node1 cat /tmp/a /var/tmp/d/e/f\r')).toContain('\nhello\ndeep\n');
  expect(await type('scp core@node1:/tmp/a b; cat b\r')).toContain('\nhello\n');
  expect(await type('scp no core@node1:; echo $?\r')).toContain('scp: stat local "no": No such file or directory\n1\n');
  expect(await type('scp core@node1:/no .; echo $?\r')).toContain('scp: /no: No such file or directory\n1\n');
  expect(await type('scp a core@deaf:; echo $?\r')).toMatch(
    /port 22: Connection refused\nscp: Connection closed\n255\n/,
  );
});
