// The shape of a network's picture, as pages get it from `/api/attempts/ID/picture`.
export type { Picture, PictureConnection, PicturePod, PictureService } from '../sandbox/picture';
