// oc create configmap.
import type { Command } from '../../cli';
import { generate, metadata, oneName } from '../../resources/generate';
import { readSources } from '../../resources/key-values';

export const createConfigMap: Command = {
  path: 'create configmap',
  async run(cli) {
    const name = oneName(cli);
    const data: Record<string, string> = {};
    const binaryData: Record<string, string> = {};
    for (const [key, bytes] of readSources(cli, 'ConfigMap', name)) {
      const text = Buffer.from(bytes).toString();
      if (Buffer.from(text).equals(Buffer.from(bytes))) data[key] = text;
      else binaryData[key] = Buffer.from(bytes).toString('base64');
    }
    const map = {
      apiVersion: 'v1',
      ...(Object.keys(data).length > 0 ? { data } : {}),
      ...(Object.keys(binaryData).length > 0 ? { binaryData } : {}),
      kind: 'ConfigMap',
      metadata: metadata(cli, name),
    };
    await generate(cli, map, 'failed to create configmap:');
  },
};
