// oc image info: what a registry tells of images. The other commands below `oc image` copy bytes, of which there are none here.
import type { Command } from '../../cli';
import { imageInfo } from '../../describe/images';
import { Writer } from '../../describe/writer';
import { CliError } from '../../errors';
import { boolFlag, stringFlag } from '../../flags/spec';
import { toJson } from '../../printers/json';
import { lookUpImage } from './reference';

export const imageInfoCommand: Command = {
  path: 'image info',
  only: 'oc',
  help: {
    usage: 'oc image info IMAGE [...] [options]',
    flags: [
      boolFlag('insecure', 'The registry may be asked without TLS.'),
      boolFlag('show-multiarch', 'All images of a manifest list.'),
      stringFlag('filter-by-os', 'The platform, OS/ARCH.'),
      stringFlag('output', 'Output format: json.', { short: 'o' }),
      stringFlag('registry-config', 'A file of credentials.', { short: 'a' }),
    ],
  },
  async run(cli) {
    if (cli.args.length === 0) throw cli.usage('info expects at least one argument, an image pull spec');
    const output = cli.flags.str('output');
    if (output && output !== 'json') throw new CliError("unrecognized --output, only 'json' is supported");
    for (const name of cli.args) {
      const { image } = await lookUpImage(cli, name);
      if (!image) throw new CliError(`unable to read image ${name}: manifest unknown: manifest unknown`);
      if (output) {
        const { dockerImageMetadata: config, dockerImageLayers: layers, metadata } = image;
        await cli.out(`${toJson({ name, digest: metadata.name, config, layers }, 2)}\n`);
        continue;
      }
      const w = new Writer(cli.now(), { minWidth: 0, padding: 1 });
      imageInfo(w, name, image);
      await cli.out(`${w.toString()}\n`);
    }
  },
};
