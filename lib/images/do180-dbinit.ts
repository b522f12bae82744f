// redhattraining/do180-dbinit: a MySQL client with the course's script that fills the database `items`.
import { type Files, image, ubi } from './base';
import { words } from './tags';

const SCRIPT = `DROP TABLE IF EXISTS \`Item\`;
CREATE TABLE \`Item\` (\`id\` BIGINT not null auto_increment primary key, \`description\` VARCHAR(100), \`done\` BIT);
INSERT INTO \`Item\` (\`id\`,\`description\`,\`done\`) VALUES (1,'Pick up newspaper', 0);
INSERT INTO \`Item\` (\`id\`,\`description\`,\`done\`) VALUES (2,'Buy groceries', 1);
`;

const files: Files = { '/tmp/db-init.sql': SCRIPT };

export const do180Dbinit = image({
  repositories: ['registry.ocp4.example.com:8443/redhattraining/do180-dbinit', 'quay.io/redhattraining/do180-dbinit'],
  tags: words('latest v1'),
  files: ubi(8, ['mysql', 'mysqladmin', 'mysqldump'], files),
  sizeBytes: 350 * 1024 * 1024,
});
