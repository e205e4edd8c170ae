package handoff

import (
	"context"
	"fmt"

	"frontdesk/internal/audit"
	"frontdesk/internal/database"
	"frontdesk/internal/fault"
	"frontdesk/models"
)

// Reopen takes a resolved case up again, because it was not settled after all: its label is taken back, and
// the conversation is people's again, unless the case leaves it with the assistant. It is audited; a case
// that is open stays as it is. It locks the conversation's row, then the case.
// Faults: handoff.reopen.again while the same trouble has a case that is open, handoff.no_case.
func (d *Desk) Reopen(ctx context.Context, caseID, staffID models.ID) error {
	return d.db.InTx(ctx, func(ctx context.Context) error {
		conv, c, err := d.lock(ctx, caseID)
		if err != nil || c.Status == models.CaseOpen {
			return err
		}
		if err := d.takeUp(ctx, c.ID); err != nil {
			return err
		}
		if !c.Silent {
			if err := d.startHuman(ctx, conv); err != nil {
				return err
			}
		}
		err = d.note(ctx, models.ConversationEvent{
			ConversationID: conv.ID, Kind: models.ConversationCaseReopened, StaffID: &staffID, CaseID: &c.ID,
		})
		if err != nil {
			return err
		}
		d.changed(ctx, c)
		return d.log.Record(ctx, audit.Entry{
			Actor: actorOf(staffID), Action: "case.reopened", SubjectKind: "case", SubjectID: c.ID.String(),
			Before: map[string]any{"status": models.CaseResolved, "label": c.Label}, After: map[string]any{"status": models.CaseOpen, "label": ""},
		})
	})
}

// takeUp writes that a case is open.
func (d *Desk) takeUp(ctx context.Context, id models.ID) error {
	err := d.db.On(ctx).Model(&models.Case{}).Where("id = ?", id).
		UpdateColumns(map[string]any{"status": models.CaseOpen, "label": "", "resolved_at": nil, "resolved_by": ""}).Error
	if database.Violates(err, "cases_once") {
		return fault.Conflict("handoff.reopen.again")
	}
	if err != nil {
		return fmt.Errorf("reopen case: %w", err)
	}
	return nil
}
