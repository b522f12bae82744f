// Answers with what the page draws of a world's network.
import type { ServerResponse } from 'node:http';
import type { Fabric } from '../machine/net';
import { picture } from '../network/picture';

export type { Picture, PictureConnection, PicturePod, PictureService } from '../network/picture';

/** A student's own things; the platform's would hide them. */
const isShown = (namespace: string): boolean => !/^(openshift|kube|ovn)(-|$)/.test(namespace);

export function servePicture(fabric: Fabric, response: ServerResponse): void {
  const body = JSON.stringify(picture(fabric.network, fabric.recent, isShown));
  response.writeHead(200, { 'content-type': 'application/json' }).end(body);
}
