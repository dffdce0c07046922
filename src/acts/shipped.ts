import { acceptRepairAct } from './accept-repair.ts'
import type { Act } from './act.ts'
import { addNoteAct } from './add-note.ts'
import { addRecordAct } from './add-record.ts'
import { adjustCampaignAct } from './adjust-campaign.ts'
import {
  adoptRulesAct,
  adoptStandardAct,
  proposeRulesAct,
  proposeShippedStandardAct,
  proposeStandardAct,
  refuseRulesAct,
  refuseStandardAct,
} from './adoption.ts'
import { affirmNoticeAct } from './affirm-notice.ts'
import { answerQueryAct } from './answer-query.ts'
import { applyEarlyEndAct } from './apply-early-end.ts'
import { applyForRepairAct } from './apply-for-repair.ts'
import { approveCampaignAct } from './approve-campaign.ts'
import { attachDecisionAct } from './attach-decision.ts'
import { beginDrawAct } from './begin-draw.ts'
import { cancelCampaignAct } from './cancel-campaign.ts'
import { changeAuthorityAct } from './change-authority.ts'
import { changeFileAct } from './change-file.ts'
import { changeOfficerAct } from './change-officer.ts'
import { checkEarlyEndAct } from './check-early-end.ts'
import { closeConsumerAct } from './close-consumer.ts'
import { consentToListingAct } from './consent-to-listing.ts'
import { correctFileAct } from './correct-file.ts'
import { correctRecordAct } from './correct-record.ts'
import { createKeyAct } from './create-key.ts'
import { createOfficerAct } from './create-officer.ts'
import { decideEarlyEndAct } from './decide-early-end.ts'
import { decideListingAct } from './decide-listing.ts'
import { decideRepairAct } from './decide-repair.ts'
import { disableOfficerAct } from './disable-officer.ts'
import { discardBulletinAct } from './discard-bulletin.ts'
import { draftBulletinAct } from './draft-bulletin.ts'
import { dropCaseAct } from './drop-case.ts'
import { fileObjectionAct } from './file-objection.ts'
import { grantDutiesAct } from './grant-duties.ts'
import { grantScopesAct } from './grant-scopes.ts'
import { inspectRepairAct } from './inspect-repair.ts'
import { issueBulletinAct } from './issue-bulletin.ts'
import { joinDrawAct } from './join-draw.ts'
import { mergeAuthorityAct } from './merge-authority.ts'
import { openAuthorityAct } from './open-authority.ts'
import { openConsumerAct } from './open-consumer.ts'
import { openDrawAct } from './open-draw.ts'
import { proposeListingAct } from './propose-listing.ts'
import { publishListingAct } from './publish-listing.ts'
import { raiseQueryAct } from './raise-query.ts'
import { rebaseListingAct } from './rebase-listing.ts'
import { recordStatementAct } from './record-statement.ts'
import { redraftCampaignAct } from './redraft-campaign.ts'
import { renameAuthorityAct } from './rename-authority.ts'
import { resetPasswordAct } from './reset-password.ts'
import { restateListingAct } from './restate-listing.ts'
import { returnBulletinAct } from './return-bulletin.ts'
import { returnCampaignAct } from './return-campaign.ts'
import { reviewDecisionAct } from './review-decision.ts'
import { revokeEarlyEndAct } from './revoke-early-end.ts'
import { revokeKeyAct } from './revoke-key.ts'
import { revokeListingAct } from './revoke-listing.ts'
import { revokeRatingAct } from './revoke-rating.ts'
import { revokeRepairAct } from './revoke-repair.ts'
import { serveNoticeAct } from './serve-notice.ts'
import { settleObjectionAct } from './settle-objection.ts'
import { settleWarningAct } from './settle-warning.ts'
import { startCampaignAct } from './start-campaign.ts'
import { takeRosterAct } from './take-roster.ts'
import { unbindOfficerAct } from './unbind-officer.ts'
import { updateRecordAct } from './update-record.ts'
import { withdrawFileAct } from './withdraw-file.ts'
import { withdrawImportAct } from './withdraw-import.ts'
import { withdrawRecordAct } from './withdraw-record.ts'

/** Every act, in the order in which pages offer and docs name them. */
export const shippedActs: readonly Act[] = [
  addRecordAct,
  changeFileAct,
  correctFileAct,
  withdrawFileAct,
  addNoteAct,
  settleWarningAct,
  updateRecordAct,
  correctRecordAct,
  withdrawRecordAct,
  raiseQueryAct,
  answerQueryAct,
  revokeRatingAct,
  fileObjectionAct,
  settleObjectionAct,
  reviewDecisionAct,
  attachDecisionAct,
  applyEarlyEndAct,
  checkEarlyEndAct,
  decideEarlyEndAct,
  revokeEarlyEndAct,
  proposeListingAct,
  serveNoticeAct,
  recordStatementAct,
  restateListingAct,
  affirmNoticeAct,
  consentToListingAct,
  decideListingAct,
  publishListingAct,
  rebaseListingAct,
  applyForRepairAct,
  acceptRepairAct,
  inspectRepairAct,
  decideRepairAct,
  revokeRepairAct,
  revokeListingAct,
  dropCaseAct,
  openAuthorityAct,
  renameAuthorityAct,
  changeAuthorityAct,
  mergeAuthorityAct,
  openConsumerAct,
  closeConsumerAct,
  createKeyAct,
  grantScopesAct,
  revokeKeyAct,
  createOfficerAct,
  changeOfficerAct,
  grantDutiesAct,
  resetPasswordAct,
  unbindOfficerAct,
  disableOfficerAct,
  proposeStandardAct,
  proposeShippedStandardAct,
  adoptStandardAct,
  refuseStandardAct,
  proposeRulesAct,
  adoptRulesAct,
  refuseRulesAct,
  startCampaignAct,
  approveCampaignAct,
  returnCampaignAct,
  adjustCampaignAct,
  redraftCampaignAct,
  cancelCampaignAct,
  draftBulletinAct,
  issueBulletinAct,
  returnBulletinAct,
  discardBulletinAct,
  beginDrawAct,
  joinDrawAct,
  openDrawAct,
  takeRosterAct,
  withdrawImportAct,
]
