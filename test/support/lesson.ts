// A fresh cluster for one row of the lesson: logged in as the administrator, in a project of its own.
import type { Sandbox } from '../../lib/sandbox/sandbox';
import type { SandboxSpec } from '../../lib/sandbox/spec';
import { openWorld, Typist } from './typist';

/** A web server that tells its name and its client's address. */
export const SERVER = 'registry.k8s.io/e2e-test-images/agnhost:2.39';
export const TOOLS = 'registry.ocp4.example.com:8443/openshift4/network-tools-rhel8';

export class Lesson {
  private constructor(
    readonly sandbox: Sandbox,
    private readonly user: Typist,
  ) {}

  static async open(changes: Partial<SandboxSpec> = {}): Promise<Lesson> {
    const { sandbox } = await openWorld('deploy-services', 7, changes);
    const lesson = new Lesson(sandbox, new Typist(sandbox));
    await lesson.type('oc login -u admin -p redhatocp https://api.ocp4.example.com:6443');
    await lesson.type('oc new-project lesson');
    return lesson;
  }

  type(line: string): Promise<string> {
    return this.user.type(line);
  }

  /** What a command prints, without its last line break. */
  async line(command: string): Promise<string> {
    return (await this.type(command)).replace(/\n$/, '');
  }

  /** The rows of a table without its header, cell by cell. */
  async table(command: string): Promise<string[][]> {
    const [, ...rows] = (await this.type(command)).trimEnd().split('\n');
    return rows.map((row) => row.split(/ {2,}/));
  }

  /** The web server as a deployment, once all of it is ready. */
  async serve(name: string, replicas = 1): Promise<void> {
    await this.type(
      `oc create deployment ${name} --image ${SERVER} --replicas ${replicas} -- /agnhost netexec --http-port=8080`,
    );
    await this.type(`oc rollout status deployment/${name}`);
  }

  /** A pod with the network's tools, once it is ready. */
  async tools(name = 'tools', options = ''): Promise<void> {
    await this.type(`oc run ${name} --image ${TOOLS} ${options} -- sleep infinity`);
    await this.type(`oc wait --for=condition=Ready pod/${name} --timeout=120s`);
  }

  /** What a command prints in a pod. */
  inPod(command: string, pod = 'tools'): Promise<string> {
    return this.line(`oc exec ${pod} -- ${command}`);
  }

  /** An object's field. */
  field(object: string, path: string): Promise<string> {
    return this.line(`oc get ${object} -o jsonpath='{${path}}{"\\n"}'`);
  }
}

/** Whether an address lies in a /N of IPv4. */
export function isIn(address: string, cidr: string): boolean {
  const number = (text: string) => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const [base = '', prefix = '32'] = cidr.split('/');
  const size = 2 ** (32 - Number(prefix));
  return Math.floor(number(address) / size) === Math.floor(number(base) / size);
}
