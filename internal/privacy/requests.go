package privacy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"frontdesk/internal/audit"
	"frontdesk/internal/fault"
	"frontdesk/models"
)

// DeleteMode is how erasing goes (R-1019).
type DeleteMode string

// Modes of erasing.
const (
	DeleteInQueue  DeleteMode = "queue"    // a job does it, at once
	DeleteInStep   DeleteMode = "sync"     // the request waits for it
	DeleteDisabled DeleteMode = "disabled" // it is asked for, and not done
)

// DeleteModes lists them.
func DeleteModes() []DeleteMode { return []DeleteMode{DeleteInQueue, DeleteInStep, DeleteDisabled} }

// What is written down in the audit log.
const (
	actExported   = "privacy.exported"
	actLinkMade   = "privacy.link_made"
	actLinkOpened = "privacy.link_opened"
	actAsked      = "privacy.erasure_asked"
	actErased     = "privacy.erased"
	actFailed     = "privacy.erasure_failed"
)

// Actions are the entries of the audit log about people's data.
func Actions() []string {
	return []string{actExported, actLinkMade, actLinkOpened, actAsked, actErased, actFailed}
}

// asked is what a request's row says beside whom it is about.
type asked struct {
	id        models.ID // zero: a new one
	at        time.Time // zero: now
	kind      models.PrivacyRequestKind
	state     models.PrivacyRequestState
	action    string // in the audit log
	confirmed bool
	reason    string
	actor     string
	said      []models.ID // consents by which alone the person is known
}

// note writes a request down, with its audit entry. Its reason stays in the request alone: the log is never rewritten. The entry names the customer, or the request where there is none.
func (o *Office) note(ctx context.Context, a asked, p Traces, w words) (models.PrivacyRequest, error) {
	now := o.clock.Machine()
	row := models.PrivacyRequest{
		ID: a.id, Kind: a.kind, State: a.state, CustomerID: p.customer(), Confirmed: a.confirmed, Reason: a.reason, Actor: a.actor,
		CreatedAt: a.at, UpdatedAt: now,
	}
	if row.ID == (models.ID{}) {
		row.ID, row.CreatedAt = models.NewID(), now
	}
	if a.state == models.RequestSucceeded || a.state == models.RequestNotImplemented {
		row.FinishedAt = &now
	}
	err := says(&row, subject{p, a.said}, w)
	if err != nil {
		return row, err
	}
	e := audit.Entry{Actor: a.actor, Action: a.action, SubjectKind: "privacy_request", SubjectID: row.ID.String(),
		Detail: map[string]any{"request": row.ID, "confirmed": a.confirmed, "state": a.state}}
	if row.CustomerID != nil {
		e.SubjectKind, e.SubjectID = "customer", row.CustomerID.String()
	}
	if row.AuditID, err = o.log.Numbered(ctx, e); err != nil {
		return row, err
	}
	if err := o.db.On(ctx).Create(&row).Error; err != nil {
		return row, fmt.Errorf("write privacy request: %w", err)
	}
	return row, nil
}

// says writes into a request whom it is about.
func says(row *models.PrivacyRequest, p subject, w words) (err error) {
	if row.Subject, err = json.Marshal(p); err != nil {
		return fmt.Errorf("write privacy request: %w", err)
	}
	if row.Words, err = json.Marshal(w); err != nil {
		return fmt.Errorf("write privacy request: %w", err)
	}
	return nil
}

// request reads a request. Fault: privacy.no_request.
func (o *Office) request(ctx context.Context, id models.ID) (models.PrivacyRequest, error) {
	var row models.PrivacyRequest
	err := o.db.On(ctx).Take(&row, "id = ?", id).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return row, fault.NotFound("privacy.no_request")
	}
	if err != nil {
		return row, fmt.Errorf("read privacy request: %w", err)
	}
	return row, nil
}

// AskedRequests selects requests; zero fields select all.
type AskedRequests struct {
	State models.PrivacyRequestState
	Kind  models.PrivacyRequestKind
	After models.ID // only older ones
	Limit int       // at most; 0 takes 50
}

// Requests are the newest requests, newest first.
func (o *Office) Requests(ctx context.Context, a AskedRequests) ([]models.PrivacyRequest, error) {
	q := o.db.On(ctx).Order("id DESC")
	if a.State != "" {
		q = q.Where("state = ?", a.State)
	}
	if a.Kind != "" {
		q = q.Where("kind = ?", a.Kind)
	}
	if a.After != (models.ID{}) {
		q = q.Where("id < ?", a.After)
	}
	if a.Limit <= 0 {
		a.Limit = 50
	}
	rows := []models.PrivacyRequest{}
	if err := q.Limit(a.Limit).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read privacy requests: %w", err)
	}
	return rows, nil
}
