// better-auth's own routes: sign in, sign out, session.
import { services } from '../../../../lib/server/services';

const handle = (request: Request): Promise<Response> => services().auth.handle(request);

export { handle as GET, handle as POST };
