// Every command of oc and kubectl, one line each.
import type { Command } from '../cli';
import { get } from './get';
import { login } from './login';
import { logout } from './logout';
import { newProject } from './new-project';
import { options } from './options';
import { project } from './project';
import { projects } from './projects';
import { whoami } from './whoami';

export const COMMANDS: readonly Command[] = [get, login, logout, newProject, options, project, projects, whoami];
