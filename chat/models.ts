import { unknownModel, type Settings } from './settings';

/** `GET /models`: the models that this fetch was made for. An account's list needs Bedrock's control plane, which is not called here. */
export function listModels({ modelNames }: Settings): Response {
  return Response.json({ object: 'list', data: modelNames.map(modelObject) });
}

/** `GET /models/{id}` */
export function retrieveModel({ modelNames }: Settings, id: string): Response {
  if (!modelNames.includes(id)) throw unknownModel(id, modelNames);
  return Response.json(modelObject(id));
}

/** When a model was made only the control plane knows; OpenAI's shape wants a number. */
function modelObject(id: string): object {
  return { id, object: 'model', created: 0, owned_by: 'amazon-bedrock' };
}
