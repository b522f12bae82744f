// What our child processes know of our environment: nothing. (Next declares that every environment has NODE_ENV.)
export const NO_ENVIRONMENT = {} as NodeJS.ProcessEnv;
