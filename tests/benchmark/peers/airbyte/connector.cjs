// A connector on faros-airbyte-cdk: its runner, its stream, its messages, its state.
//   node connector.cjs read --config CONFIG --catalog CATALOG
const {AirbyteSourceBase, AirbyteSourceLogger, AirbyteSourceRunner, AirbyteSpec, AirbyteStreamBase} =
    require('faros-airbyte-cdk');

class ActivityLog extends AirbyteStreamBase {
  constructor(config, logger) {
    super(logger);
    this.config = config;
  }
  get primaryKey() { return 'id'; }
  getJsonSchema() {
    return {type: 'object', properties: {id: {type: 'integer'}, timestamp: {type: 'integer'}}};
  }

  async * readRecords() {
    const headers = {authorization: `Bearer ${await this.token()}`};
    const end = Math.floor(Date.now() / 1000) + 1;
    const seen = new Set();
    for (let page = 0; ; ++page) {
      const records = await this.json(
          `/api/public/v1/report/activityLog?page=${page}&per_page=50&start=0&end=${end}`, {headers});
      if (records.length === 0) return;
      for (const record of records) {
        if (seen.has(record.id)) continue;
        seen.add(record.id);
        yield record;
      }
    }
  }

  async token() {
    const {client_id: id, client_secret: secret} = this.config;
    const token = await this.json('/api/oauth/token', {
      method: 'POST',
      headers: {authorization: 'Basic ' + Buffer.from(`${id}:${secret}`).toString('base64')},
      body: new URLSearchParams({grant_type: 'client_credentials'}),
    });
    return token.access_token;
  }

  async json(path, options) {
    const answer = await fetch(this.config.url + path, options);
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }
}

class Source extends AirbyteSourceBase {
  get type() { return 'aikido'; }
  async spec() {
    const properties = {url: {type: 'string'}, client_id: {type: 'string'}, client_secret: {type: 'string'}};
    return new AirbyteSpec({connectionSpecification: {type: 'object', properties}});
  }
  async checkConnection() { return [true, undefined]; }
  streams(config) { return [new ActivityLog(config, this.logger)]; }
}

const logger = new AirbyteSourceLogger();
new AirbyteSourceRunner(logger, new Source(logger)).mainCommand().parse();
