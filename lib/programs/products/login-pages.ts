// Web interfaces of databases, as far as their first page: adminer and phpMyAdmin. And GitLab's old image, which wants to be root.
import type { Program } from '../../machine/process';
import { goServer } from '../http/go-server';
import { splitTarget } from '../http/serve';
import { escaped, html } from '../samples/answers';
import { apache } from './wordpress';

/** adminer: PHP's own server on 8080. */
export const adminer: Program = async (proc) => {
  const stamp = new Date(proc.machine.clock.now()).toUTCString().replace(/ GMT$/, '');
  await proc.complain(`[${stamp}] PHP 8.4.1 Development Server (http://[::]:8080) started\n`);
  return goServer(proc, [8080], (request) => {
    const server = splitTarget(request.target).query.get('server') ?? proc.env['ADMINER_DEFAULT_SERVER'] ?? 'db';
    return html(
      `<!DOCTYPE html>\n<html lang="en">\n<head>\n<title>Login - Adminer</title>\n</head>\n<body>\n<h1>Login</h1>\n<form action="" method="post">\n<input type="hidden" name="auth[driver]" value="server">\n<input name="auth[server]" value="${escaped(server)}" title="hostname[:port]">\n<input name="auth[username]">\n<input type="password" name="auth[password]">\n<input type="submit" value="Login">\n</form>\n</body>\n</html>\n`,
      200,
      [['X-Powered-By', 'PHP/8.4.1']],
    );
  });
};

/** phpmyadmin on Apache. */
export const phpmyadmin: Program = (proc) =>
  apache(proc, () =>
    html(
      '<!doctype html>\n<html lang="en" dir="ltr">\n<head>\n<meta charset="utf-8">\n<title>phpMyAdmin</title>\n</head>\n<body>\n<h1>Welcome to <bdo dir="ltr" lang="en">phpMyAdmin</bdo></h1>\n<form method="post" id="login_form" action="index.php?route=/" name="login_form">\n<input type="text" name="pma_username" id="input_username">\n<input type="password" name="pma_password" id="input_password">\n</form>\n</body>\n</html>\n',
    ),
  );

const RULE = '='.repeat(80);

/** redhattraining/gitlab-ce: fails as any other user than root, as the exercise on security context constraints shows. */
export const gitlab: Program = async (proc) => {
  await proc.print(
    'Thank you for using GitLab Docker Image!\nCurrent version: gitlab-ce=8.4.3-ce.0\n\nConfigure GitLab for your system by editing /etc/gitlab/gitlab.rb file\nAnd restart this container to reload settings.\n\nPreparing services...\nStarting services...\nConfiguring GitLab package...\n',
  );
  if (proc.uid !== 0) {
    const why =
      'directory[/etc/gitlab] (gitlab::default line 26) had an error: Chef::Exceptions::InsufficientPermissions: Cannot create directory[/etc/gitlab] at /etc/gitlab due to insufficient permissions';
    await proc.print(
      `\n${RULE}\nRecipe Compile Error in /opt/gitlab/embedded/cookbooks/cache/cookbooks/gitlab/recipes/default.rb\n${RULE}\n\nChef::Exceptions::InsufficientPermissions\n-----------------------------------------\n${why}\n\nRunning handlers:\nRunning handlers complete\nChef Client failed. 0 resources updated in 02 seconds\n`,
    );
    return 1;
  }
  await proc.print(
    'Configuring GitLab...\nChef Client finished, 221/291 resources updated in 45 seconds\ngitlab Reconfigured!\n',
  );
  return goServer(proc, [80], (request) =>
    splitTarget(request.target).path === '/users/sign_in'
      ? html(
          '<!DOCTYPE html>\n<html lang="en">\n<head>\n<title>Sign in · GitLab</title>\n</head>\n<body>\n<h1>GitLab Community Edition</h1>\n</body>\n</html>\n',
        )
      : {
          ...html('<html><body>You are being redirected.</body></html>', 302),
          headers: [['Location', '/users/sign_in']],
        },
  );
};
