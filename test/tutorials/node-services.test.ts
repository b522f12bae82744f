// What a troubleshooting page types on a node: its container runtime, its kubelet's service and journal.
import { describe, it } from 'vitest';
import { Tutorial } from '../support/tutorial';

const SSH = 'ssh -o StrictHostKeyChecking=accept-new -q ubuntu@node01';

describe('services of a node', () => {
  it('shows the pods of the node as its runtime has them', async () => {
    const tutorial = await Tutorial.open();
    await tutorial.play([
      ['kubectl run web --image=nginx --overrides=\'{"spec":{"nodeName":"node01"}}\'', 'pod/web created'],
      ['kubectl wait --for=condition=Ready pod/web', 'pod/web condition met'],
      [
        `${SSH} sudo crictl ps --name web`,
        /^CONTAINER +IMAGE +CREATED +STATE +NAME +ATTEMPT +POD ID +POD\n[\da-f]{13} +[\da-f]{13} +.* ago +Running +web +0 +[\da-f]{13} +web\n?$/,
      ],
      [`${SSH} 'sudo crictl pods --name "^web$"'`, /\n[\da-f]{13} +.* ago +Ready +web +default +0 +\(default\)\n?$/],
      [`${SSH} sudo crictl images`, /docker\.io\/library\/nginx +latest +[\da-f]{13} +\d+(\.\d)?MB/],
      [`${SSH} 'sudo crictl logs $(sudo crictl ps -q --name web)'`, /start worker processes/],
      [`${SSH} 'sudo crictl inspect $(sudo crictl ps -q --name web) | grep -m1 state'`, /"state": "CONTAINER_RUNNING"/],
      [`${SSH} crictl ps`, /^FATA\[0000\] validate service connection: .* connect: permission denied"\n$/],
      [`${SSH} sudo crictl frobnicate`, 'FATA[0000] command "frobnicate" not found'],
      [`${SSH} sudo crictl rm abc`, 'FATA[0000] not supported: rm'],
      [`${SSH} "sudo crictl ps --name '['"`, 'FATA[0000] error parsing regexp: "["'],
      [`${SSH} 'sudo crictl ps --last x 2>&1 >/dev/null'`, 'FATA[0000] invalid value "x" for flag -last: parse error'],
      [`${SSH} sudo crictl ps --nope`, /flag provided but not defined: -nope/],
    ]);
  });

  it('loses a node whose kubelet is stopped, and gets it back', async () => {
    const tutorial = await Tutorial.open();
    await tutorial.play([
      [`${SSH} systemctl is-active kubelet`, 'active'],
      [`${SSH} systemctl stop kubelet`, /^Failed to stop kubelet\.service: Interactive authentication required\./],
      [`${SSH} sudo systemctl stop kubelet`, ''],
      [
        `${SSH} systemctl status kubelet; echo $?`,
        /○ kubelet\.service - .*\n.*\n +Active: inactive \(dead\) since (.|\n)*\n3\n$/,
      ],
      ['sleep 60; kubectl get node node01', /node01 +NotReady/],
      [`${SSH} sudo systemctl start kubelet`, ''],
      ['sleep 20; kubectl get node node01', /node01 +Ready/],
      [`${SSH} sudo systemctl restart kubelet && ${SSH} systemctl is-active kubelet`, 'active'],
      [
        `${SSH} 'sudo systemctl stop kubelet; sudo systemctl enable --now kubelet; systemctl is-active kubelet'`,
        'active',
      ],
      [`${SSH} sudo systemctl enable nosuch`, 'Failed to enable unit: Unit file nosuch.service does not exist.'],
      [`${SSH} systemctl status nosuch`, 'Unit nosuch.service could not be found.'],
      [`${SSH} sudo systemctl start nosuch`, 'Failed to start nosuch.service: Unit nosuch.service not found.'],
      [`${SSH} sudo systemctl restart containerd`, 'not supported: restart containerd.service'],
      [`${SSH} systemctl frobnicate`, 'Unknown command verb frobnicate.'],
    ]);
  });

  it('keeps a journal of what the kubelet met', async () => {
    const tutorial = await Tutorial.open();
    await tutorial.play([
      ['kubectl run bad --image=nosuch/image:1 --overrides=\'{"spec":{"nodeName":"node01"}}\'', 'pod/bad created'],
      [`sleep 30; ${SSH} sudo journalctl -u kubelet --no-pager | head -1`, /systemd\[1\]: Started kubelet/],
      [
        `${SSH} 'sudo journalctl -xeu kubelet --since "5 min ago"'`,
        /node01 kubelet: E\d{4} .* pod_workers\.go:\d+\] "Error syncing pod, skipping" err="Failed to pull image .*" pod="default\/bad"/,
      ],
      [`${SSH} sudo journalctl -u kubelet -n 1 | wc -l`, '1'],
      [`${SSH} sudo journalctl -u kubelet -f`, 'not supported: -f'],
      [`${SSH} sudo journalctl -u kubelet --since nonsense`, 'Failed to parse timestamp: nonsense'],
    ]);
  });

  it('hands out tokens on the control plane, and joins nobody', async () => {
    const tutorial = await Tutorial.open();
    const control = SSH.replace('node01', 'controlplane');
    await tutorial.play([
      [`${control} kubeadm version -o short`, 'v1.31.6'],
      [`${control} sudo kubeadm token list`, ''],
      [
        `${control} sudo kubeadm token create --print-join-command`,
        /^kubeadm join 192\.168\.50\.10:6443 --token [a-z0-9]{6}\.[a-z0-9]{16} --discovery-token-ca-cert-hash sha256:[\da-f]{64} \n$/,
      ],
      [
        `${control} sudo kubeadm token create abcdef.0123456789abcdef --ttl 2h --description mine`,
        'abcdef.0123456789abcdef',
      ],
      [
        `${control} sudo kubeadm token list`,
        /^TOKEN +TTL +EXPIRES +USAGES +DESCRIPTION +EXTRA GROUPS\n(.*\n)*abcdef\.0123456789abcdef +\d+[hm] +20\S+Z +authentication,signing +mine +system:bootstrappers:kubeadm:default-node-token\n/,
      ],
      [
        "kubectl get secret bootstrap-token-abcdef -n kube-system -o jsonpath='{.type}'",
        'bootstrap.kubernetes.io/token',
      ],
      [`${control} sudo kubeadm token delete abcdef`, 'bootstrap token "abcdef" deleted'],
      [`${control} kubeadm token list`, /^failed to load admin kubeconfig: .*permission denied/],
      [`${SSH} sudo kubeadm token list`, /^failed to load admin kubeconfig: .*no such file or directory/],
      [`${control} sudo kubeadm token create nonsense`, /^the bootstrap token "nonsense" was not of the form/],
      [`${control} sudo kubeadm upgrade plan`, 'not supported: upgrade plan'],
      [`${control} kubeadm frobnicate`, /^error: unknown command "frobnicate" for "kubeadm"/],
    ]);
  });
});
