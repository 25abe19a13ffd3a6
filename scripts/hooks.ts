/** `npm run hooks -- COMMAND …`: sources of incoming messages, by the operator's routes of a deployment. */
import { COMMANDS, TEST_WITHOUT_SERVICE } from "./hooks/commands.ts";
import { OPTIONS } from "./hooks/source-body.ts";
import { findService } from "./keys/find-service.ts";
import { commandOf, runCommandLine } from "./keys/run-command.ts";

const USAGE = `
npm run hooks -- COMMAND [OPTIONS]: systems that may send messages to \`npm start\` or a deployment (docs/hooks/).

  add                        adds a source; secrets that are made for it are shown once
    --name NAME              what you call it
    --account ACCOUNT        who pays; left out with ACCESS=open
    --scheme SCHEME          standard-webhooks, hmac, stripe, bearer, github or mastodon
    --secret SECRET          the sender's secret (default: one is made)
    --header NAME, --algorithm sha256|sha1|sha512, --prefix TEXT, --encoding hex|base64,
    --timestamp-header NAME, --tolerance SECONDS      of hmac
    --text POINTER           where the text is; again for several
    --html                   the text is HTML
    --picture POINTER        where addresses of pictures are; again for several; * is each item of an array
    --id POINTER             where the sender's own id is; again for several that make one together
    --id-header NAME         or the header that has it
    --where POINTER=VALUE    a value that a message must have, or it is skipped; again for several
    --defaults JSON          fields of every request, such as '{"task":"gmner"}'
    --reply URL              where the ends of jobs are told, or --reply-pointer POINTER
    --preset mastodon|post   scheme and mapping of a system
    --file-config FILE       the whole source as JSON, which options change
  list                       shows the sources, without their secrets
  remove SOURCE --yes        refuses its messages from now on
  rotate SOURCE              changes its secret; the old one works on for --overlap SECONDS (default a day);
                             --secret SECRET, --which reply_secret
  test SOURCE FILE           shows what the body in FILE becomes, and sends nothing; a header that comes with it by
                             --sent "NAME: VALUE"
  test FILE --file-config SOURCE.json    the same without a deployment; also with the options of add

  --env NAME                 the deployment at PUBLIC_URL of this environment of wrangler.toml
  --url URL                  another address
  --json                     the answer as JSON

OPERATOR_TOKEN is read from the environment or from .dev.vars. Exits with 0 when it was done, with 1 when the service
refused it or the message would be skipped, and with 2 when it was used or configured wrongly.
`;

await runCommandLine(OPTIONS, USAGE, async (name, words, values) => {
  const isAlone = name === "test" && words.length === 1;
  const command = isAlone ? TEST_WITHOUT_SERVICE : commandOf(COMMANDS, name, words);
  return command.run(() => findService(values), words, values);
});
