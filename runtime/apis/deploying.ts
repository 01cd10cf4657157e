import type { ApiRecord, DeploymentRecord, StageRecord } from './api-record.ts';
import { drawId } from './draw-id.ts';

/**
 * The API after a change of what it serves: its stages with AutoDeploy have a new deployment, and deployments of that kind that
 * none has any more are gone.
 */
export function redeployed(api: ApiRecord, now: number): ApiRecord {
  const automatic = Object.values(api.stages).filter((stage) => stage.autoDeploy);
  if (automatic.length === 0) return api;
  const deploymentId = drawId(6);
  const stages: Record<string, StageRecord> = { ...api.stages };
  for (const stage of automatic) stages[stage.stageName] = { ...stage, deploymentId, modifiedAt: now };
  const used = new Set(Object.values(stages).map((stage) => stage.deploymentId));
  const deployments: Record<string, DeploymentRecord> = { [deploymentId]: toAutomatic(deploymentId, now) };
  for (const deployment of Object.values(api.deployments)) {
    if (!deployment.autoDeployed || used.has(deployment.deploymentId)) {
      deployments[deployment.deploymentId] = deployment;
    }
  }
  return { ...api, stages, deployments };
}

function toAutomatic(deploymentId: string, createdAt: number): DeploymentRecord {
  const description = 'Automatic deployment triggered by changes to the Api configuration';
  return { deploymentId, createdAt, description, autoDeployed: true };
}
