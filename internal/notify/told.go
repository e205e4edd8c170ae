package notify

import (
	"context"
	"fmt"
	"time"

	"frontdesk/models"
)

// CaseTold is one way in which people were told of a case, and what became of it.
type CaseTold struct {
	CaseID  models.ID
	Who     string // empty: everyone on duty
	Channel models.Channel
	Status  models.DeliveryState // empty: it stands in the console
	At      time.Time            // when that was known
}

// ToldOfCases reads who was told of cases, and by which ways, in order.
func (p *Post) ToldOfCases(ctx context.Context, caseIDs []models.ID) ([]CaseTold, error) {
	if len(caseIDs) == 0 {
		return nil, nil
	}
	var rows []CaseTold
	err := p.db.On(ctx).Raw(`SELECT n.case_id, '' AS who, n.channel, '' AS status, n.created_at AS at FROM notices n
			WHERE n.case_id IN @cases AND n.event = @opened
		UNION ALL
		SELECT n.case_id, coalesce(s.name, ''), d.channel, d.status, coalesce(d.delivered_at, d.failed_at, d.sent_at, d.created_at)
			FROM notices n JOIN notice_deliveries d ON d.notice_id = n.id LEFT JOIN staff s ON s.id = d.staff_id
			WHERE n.case_id IN @cases AND n.event = @opened
		ORDER BY at`, map[string]any{"cases": caseIDs, "opened": EventCaseOpened}).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read who was told of cases: %w", err)
	}
	return rows, nil
}
