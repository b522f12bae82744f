// The guided exercise of the lesson, typed line by line into a fresh workstation.
import { beforeAll, describe, expect, test } from 'vitest';
import { grade } from '../lib/grading/grade';
import type { Lab } from '../lib/labs/lab';
import type { Sandbox } from '../lib/sandbox/sandbox';
import { openWorld, Typist } from './support/typist';

const MYSQL = 'registry.ocp4.example.com:8443/rhel8/mysql-80';
const TOOLS = 'registry.ocp4.example.com:8443/openshift4/network-tools-rhel8';
const DBINIT = 'registry.ocp4.example.com:8443/redhattraining/do180-dbinit:v1';
const columns = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => line.split(/ {2,}/));

describe('the guided exercise', () => {
  let sandbox: Sandbox;
  let lab: Lab;
  let user: Typist;
  let firstAddress = '';

  beforeAll(async () => {
    ({ sandbox, lab } = await openWorld());
    user = new Typist(sandbox);
  });

  test('lab start', async () => {
    expect(await user.type('lab start deploy-services')).toContain('SUCCESS');
    expect(await user.type('echo $?')).toBe('0\n');
  });

  test('the untouched start scores nothing', async () => {
    expect((await grade(sandbox, lab)).score).toBe(0);
  });

  test('log in and choose the project', async () => {
    const login = await user.type('oc login -u developer -p developer https://api.ocp4.example.com:6443');
    expect(login).toContain('Login successful.\n');
    expect(login).toContain(
      'You have one project on this server: "deploy-services"\n\nUsing project "deploy-services".\n',
    );
    expect(await user.type('oc project deploy-services')).toBe(
      'Already on project "deploy-services" on server "https://api.ocp4.example.com:6443".\n',
    );
  });

  test('a database without its variables crash-loops and says what is missing', async () => {
    const created = await user.type(`oc create deployment db-pod --port 3306 --image ${MYSQL}`);
    expect(created).toContain('deployment.apps/db-pod created\n');
    await user.type('sleep 30');
    const [header, pod] = columns(await user.type('oc get pods'));
    expect(header).toEqual(['NAME', 'READY', 'STATUS', 'RESTARTS', 'AGE']);
    expect(pod?.[0]).toMatch(/^db-pod-[0-9a-f]{8,10}-[a-z0-9]{5}$/);
    expect(pod?.[2]).toMatch(/^(CrashLoopBackOff|Error)$/);
    expect(await user.type('oc logs deployment/db-pod')).toContain('MYSQL_USER');
  });

  test('with its variables it runs', async () => {
    const line = 'oc set env deployment/db-pod MYSQL_USER=user1 MYSQL_PASSWORD=mypa55w0rd MYSQL_DATABASE=items';
    expect(await user.type(line)).toMatch(
      /^Warning: would violate PodSecurity "restricted:latest": allowPrivilegeEscalation != false [^\n]*\ndeployment\.apps\/db-pod updated\n$/,
    );
    await user.type('sleep 20');
    const pods = columns(await user.type('oc get pods'));
    expect(pods.length).toBe(2);
    expect(pods[1]?.slice(1, 4)).toEqual(['1/1', 'Running', '0']);
    expect(columns(await user.type('oc get deployment'))[1]?.slice(0, 4)).toEqual(['db-pod', '1/1', '1', '1']);
  });

  test('a service before it', async () => {
    expect(await user.type('oc expose deployment/db-pod')).toBe('service/db-pod exposed\n');
    const [header, service] = columns(await user.type('oc get service db-pod -o wide'));
    expect(header).toEqual(['NAME', 'TYPE', 'CLUSTER-IP', 'EXTERNAL-IP', 'PORT(S)', 'AGE', 'SELECTOR']);
    expect(service).toEqual([
      'db-pod',
      'ClusterIP',
      expect.stringMatching(/^172\.30\.\d+\.\d+$/),
      '<none>',
      '3306/TCP',
      expect.any(String),
      'app=db-pod',
    ]);
    expect(columns(await user.type('oc get endpoints'))[1]).toEqual([
      'db-pod',
      expect.stringMatching(/^10\.8\.\d+\.\d+:3306$/),
      expect.any(String),
    ]);
  });

  test('labels and addresses of the pod', async () => {
    await user.type("PODNAME=$(oc get pods -o jsonpath='{.items[0].metadata.name}')");
    expect(await user.type('oc get pod $PODNAME --show-labels')).toMatch(/app=db-pod,pod-template-hash=[a-z0-9]+\n$/);
    const [header, pod] = columns(await user.type('oc get pods -o wide'));
    expect(header).toEqual([
      'NAME',
      'READY',
      'STATUS',
      'RESTARTS',
      'AGE',
      'IP',
      'NODE',
      'NOMINATED NODE',
      'READINESS GATES',
    ]);
    firstAddress = pod?.[5] ?? '';
    expect(firstAddress).toMatch(/^10\.8\./);
  });

  test('the service outlives its pods', async () => {
    expect(await user.type('oc delete deployment.apps/db-pod')).toBe('deployment.apps "db-pod" deleted\n');
    await user.type('sleep 40');
    expect(columns(await user.type('oc get service'))[1]?.slice(0, 2)).toEqual(['db-pod', 'ClusterIP']);
    expect(columns(await user.type('oc get endpoints'))[1]?.slice(0, 2)).toEqual(['db-pod', '<none>']);
    await user.type(`oc create deployment db-pod --port 3306 --image ${MYSQL}`);
    await user.type(
      'oc set env deployment/db-pod MYSQL_USER=$DATABASE_USER MYSQL_PASSWORD=$DATABASE_PASSWORD MYSQL_DATABASE=$DATABASE_NAME',
    );
    await user.type('sleep 60');
    const endpoints = columns(await user.type('oc get endpoints'))[1]?.[1];
    expect(endpoints).toMatch(/^10\.8\.\d+\.\d+:3306$/);
    expect(endpoints).not.toBe(`${firstAddress}:3306`);
  });

  test('a shell in a pod', async () => {
    await user.start(`oc run shell -it --image ${TOOLS}`, /try pressing enter\.[\s\S]*bash-[\d.]+[$#] $/);
    expect(await user.type('cat /etc/resolv.conf')).toMatch(
      /^search deploy-services\.svc\.cluster\.local svc\.cluster\.local cluster\.local.*\nnameserver 172\.30\.0\.10\noptions ndots:5\n$/,
    );
    expect(
      await user.type('nc -z db-pod.deploy-services 3306 && echo "Connection success" || echo "Connection failed"'),
    ).toBe('Connection success\n');
    expect(await user.type('exit')).toContain(
      "Session ended, resume using 'oc attach shell -c shell -i -t' command when the pod is running\n",
    );
    expect(await user.type('oc delete pod shell')).toBe('pod "shell" deleted\n');
  });

  test('from another project by the full name', async () => {
    expect(await user.type('oc new-project deploy-services-2')).toContain(
      'Now using project "deploy-services-2" on server "https://api.ocp4.example.com:6443".\n',
    );
    const probe = `oc run shell -it --rm --image ${TOOLS} --restart Never -- nc -z db-pod.deploy-services.svc.cluster.local 3306 && echo ok || echo failed`;
    expect(await user.type(probe)).toMatch(/pod "shell" deleted\nok\n$/);
    expect(await user.type('oc project deploy-services')).toContain('Now using project "deploy-services"');
  });

  test('partial credit before the data are there, with the reason', async () => {
    const report = await grade(sandbox, lab);
    expect(report.score).toBe(70);
    expect(report.checks.at(-1)).toMatchObject({ status: 'failed', earned: 0 });
    expect(report.checks.at(-1)?.reason).toContain("Item' doesn't exist");
  });

  test('a job fills the database', async () => {
    const job = `oc create job mysql-init --image ${DBINIT} -- /bin/bash -c "mysql -u$DATABASE_USER -p$DATABASE_PASSWORD --protocol tcp -h db-pod -P3306 $DATABASE_NAME </tmp/db-init.sql"`;
    expect(await user.type(job)).toContain('job.batch/mysql-init created\n');
    await user.type('sleep 20');
    expect(columns(await user.type('oc get job'))[1]?.slice(0, 1)).toEqual(['mysql-init']);
    expect(await user.type('oc logs job/mysql-init')).toBe(
      'mysql: [Warning] Using a password on the command line interface can be insecure.\n',
    );
    expect(await user.type('oc delete job mysql-init')).toBe('job.batch "mysql-init" deleted\n');
  });

  test('the client prints the rows as the real one does', async () => {
    const query = `oc run query-db -it --rm --image ${DBINIT} --restart Never -- mysql -u$DATABASE_USER -p$DATABASE_PASSWORD --protocol tcp -h db-pod -P3306 $DATABASE_NAME -e 'select * from Item;'`;
    const out = await user.type(query);
    expect(out).toContain('mysql: [Warning] Using a password on the command line interface can be insecure.\n');
    expect(out).toContain('Pick up newspaper');
    expect(out).toMatch(/\+-+\+-+\+-+\+\n\| id \| description +\| done +\|\n/);
    expect(out).toMatch(/pod "query-db" deleted\n$/);
  });

  test('pod to pod', async () => {
    await user.type("POD_IP=$(oc get pod -l app=db-pod -o jsonpath='{.items[0].status.podIP}')");
    const probe = `oc run shell --env POD_IP=$POD_IP -it --rm --image ${TOOLS} --restart Never -- nc -z $POD_IP 3306 && echo ok || echo failed`;
    expect(await user.type(probe)).toMatch(/pod "shell" deleted\nok\n$/);
  });

  test('the pod network is not accessible from outside', async () => {
    expect(await user.type('nc -z -w 3 $POD_IP 3306; echo $?')).toBe('1\n');
    await user.type("SERVICE_IP=$(oc get service db-pod -o jsonpath='{.spec.clusterIP}')");
    expect(await user.type('curl -m 3 http://$SERVICE_IP:3306; echo $?')).toContain('28\n');
  });

  test('the lesson: several pods on several nodes, and the network operator', async () => {
    await user.type('oc scale deployment/db-pod --replicas 2');
    await user.type('sleep 20');
    expect(columns(await user.type('oc get endpoints'))[1]?.[1]).toMatch(/^10\.8\.\d+\.\d+:3306,10\.8\.\d+\.\d+:3306$/);
    const nodes = (await user.type("oc get pods -l app=db-pod -o jsonpath='{.items[*].spec.nodeName}'"))
      .trim()
      .split(' ');
    expect(new Set(nodes).size).toBe(2);
    await user.type('oc scale deployment/db-pod --replicas 1');
    await user.type('sleep 40');
  });

  test('lab grade gives full marks and lab finish cleans up', async () => {
    // scaling down removes the youngest pod, so the one that holds the data is still there
    const out = await user.type('lab grade deploy-services');
    expect(out).toContain('Overall lab grade: PASS (100 of 100 points)');
    expect(await user.type('lab finish deploy-services')).toContain('SUCCESS');
    await user.type('sleep 60');
    expect(await user.type('oc get projects')).not.toContain('deploy-services');
  });
});
