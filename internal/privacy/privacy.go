// Package privacy owns what people said about their data: who agreed to what, in which version, by which road, and
// whether it is known to be them (R-1001). It answers whether somebody agreed, and who has not (R-1004). What was said is
// never rewritten; the last word counts. It must never tell a stranger anything about a phone.
package privacy

import (
	"context"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"gorm.io/gorm"

	"frontdesk/internal/audit"
	"frontdesk/internal/clock"
	"frontdesk/internal/customers"
	"frontdesk/internal/database"
	"frontdesk/internal/fault"
	"frontdesk/internal/inbox"
	"frontdesk/internal/settings"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// Office writes down and reads consents. Every method joins the transaction on the context.
type Office struct {
	db       *database.DB
	clock    clock.Clock
	settings *settings.Store
	people   *customers.Registry
	log      *audit.Log
	// For erasing.
	queue  *queue.Queue
	diary  Releaser
	inbox  *inbox.Inbox
	mode   DeleteMode
	forget func(ctx context.Context, conversation models.ID) error
	// returnDays is how long after its delivery an order can come back.
	returnDays int
	// telling has one place: exports are made one after the other.
	telling chan struct{}
}

// Releaser gives the time of a hold back.
type Releaser interface {
	Release(ctx context.Context, id models.ID, actor, reason string) error
}

// New makes an office on the database, which erases by a job of the queue.
func New(db *database.DB, c clock.Clock, s *settings.Store, people *customers.Registry, q *queue.Queue, diary Releaser) *Office {
	nowhere := func(context.Context, models.ID) error { return nil }
	return &Office{db: db, clock: c, settings: s, people: people, log: audit.New(db, c), queue: q, diary: diary, inbox: inbox.New(db, c, q), mode: DeleteInQueue, forget: nowhere,
		returnDays: defaultReturnDays, telling: make(chan struct{}, 1)}
}

// Delete says how erasing goes (R-1019).
func (o *Office) Delete(mode DeleteMode) { o.mode = mode }

// defaultReturnDays is how long an order can come back where nobody says otherwise.
const defaultReturnDays = 30

// Returnable says for how many days after its delivery an order can come back: as long it is known at the provider what it was paid with.
func (o *Office) Returnable(days int) { o.returnDays = days }

// Mode is how erasing goes.
func (o *Office) Mode() DeleteMode { return o.mode }

// OnErased says what else remembers a conversation, and forgets it.
func (o *Office) OnErased(forget func(ctx context.Context, conversation models.ID) error) {
	o.forget = forget
}

// Limits of what may be said.
const (
	MaxPolicyText    = 4000
	MaxPolicyVersion = 40
)

// By whom a consent was written down, beside "staff:<id>" and "machine".
const byCustomer = "customer"

// ConsentRecord is one word about consent. Phone, Customer and Session say whose; at least one is there. What a session says of
// a phone that it has not proved stays a claim; the word of a customer's own session or chat, and of staff, is known
// to be theirs (Verified).
type ConsentRecord struct {
	Purpose       models.ConsentPurpose // empty: the privacy notice
	Phone         string                // as it was typed
	Customer      models.ID
	Session       models.ID // of the shop
	Granted       bool
	Channel       models.ConsentChannel // empty: WhatsApp
	PolicyText    string
	PolicyVersion string // empty: the one in force, when they agree to it
	Verified      bool
	Actor         string // "staff:<id>" or "machine"; empty: the customer
}

// Consent writes a word down, as a row of its own however often it is said (R-1001). What staff write is audited.
// Faults, by field: customers.phone at "phone"; privacy.channel; privacy.too_long at "policyText", "policyVersion".
func (o *Office) Consent(ctx context.Context, r ConsentRecord) (models.ConsentRow, error) {
	row, err := o.row(ctx, r)
	if err != nil {
		return row, err
	}
	err = o.db.Within(ctx, func(ctx context.Context) error {
		if err := o.db.On(ctx).Create(&row).Error; err != nil {
			return fmt.Errorf("write consent: %w", err)
		}
		if row.Actor == byCustomer {
			return nil
		}
		return o.log.Record(ctx, audit.Entry{
			Actor: row.Actor, Action: "consent.recorded", SubjectKind: "consent", SubjectID: row.ID.String(),
			Detail: map[string]any{"purpose": row.Purpose, "granted": row.Granted, "channel": row.Channel},
		})
	})
	return row, err
}

// Check refuses what Consent would refuse, before anything is done for it. Faults as of Consent.
func (o *Office) Check(r ConsentRecord) error {
	row := models.ConsentRow{Channel: r.Channel, PolicyText: r.PolicyText, PolicyVersion: r.PolicyVersion}
	if row.Channel == "" {
		row.Channel = models.ConsentByWhatsApp
	}
	if err := check(row); err != nil || r.Phone == "" {
		return err
	}
	_, err := customers.Normalize(r.Phone)
	return err
}

// Owns tells whether a phone is a customer's. What is no phone is nobody's.
func (o *Office) Owns(ctx context.Context, customer models.ID, phone string) (bool, error) {
	normal, err := customers.Normalize(phone)
	if err != nil {
		return false, nil //nolint:nilerr // nobody's
	}
	owner, err := o.people.Customer(ctx, customer)
	return err == nil && owner.Phone != nil && *owner.Phone == normal, err
}

func (o *Office) row(ctx context.Context, r ConsentRecord) (models.ConsentRow, error) {
	row := models.ConsentRow{
		ID: models.NewID(), Purpose: r.Purpose, Granted: r.Granted, Channel: r.Channel, PolicyText: r.PolicyText,
		PolicyVersion: r.PolicyVersion, Actor: r.Actor, CreatedAt: o.clock.Now(), CustomerID: given(r.Customer), SessionID: given(r.Session),
	}
	if row.Purpose == "" {
		row.Purpose = models.PurposePrivacy
	}
	if row.Channel == "" {
		row.Channel = models.ConsentByWhatsApp
	}
	if row.Actor == "" {
		row.Actor = byCustomer
	}
	if err := check(row); err != nil {
		return row, err
	}
	if row.PolicyVersion == "" && row.Granted && row.Purpose == models.PurposePrivacy {
		p, err := o.settings.Policies(ctx)
		if err != nil {
			return row, err
		}
		row.PolicyVersion = p.PrivacyVersion
	}
	if r.Phone != "" {
		phone, err := customers.Normalize(r.Phone)
		if err != nil {
			return row, err
		}
		row.Phone = &phone
	}
	if row.Phone == nil && row.CustomerID == nil && row.SessionID == nil {
		return row, errors.New("a consent is nobody's")
	}
	return row, o.verify(ctx, &row, r.Verified)
}

// verify notes whose a word that is known to be theirs is: a customer's, where the phone has one.
func (o *Office) verify(ctx context.Context, row *models.ConsentRow, verified bool) error {
	if !verified {
		return nil
	}
	at := row.CreatedAt
	row.VerifiedAt = &at
	if row.CustomerID != nil || row.Phone == nil {
		return nil
	}
	customer, found, err := o.people.ByPhone(ctx, *row.Phone)
	if err != nil {
		return err
	}
	if found {
		row.CustomerID = &customer.ID
	}
	return nil
}

// check refuses what no row may hold.
func check(row models.ConsentRow) error {
	wrong := map[string]string{}
	known := false
	for _, c := range models.ConsentChannels() {
		known = known || c == row.Channel
	}
	if !known {
		wrong["channel"] = "privacy.channel"
	}
	if !fits(row.PolicyText, MaxPolicyText) {
		wrong["policyText"] = "privacy.too_long"
	}
	if !fits(row.PolicyVersion, MaxPolicyVersion) {
		wrong["policyVersion"] = "privacy.too_long"
	}
	if len(wrong) > 0 {
		return fault.Invalid("privacy.refused", wrong)
	}
	return nil
}

// fits tells whether Postgres takes a text, and there is room for it.
func fits(text string, most int) bool {
	if !utf8.ValidString(text) || utf8.RuneCountInString(text) > most {
		return false
	}
	for _, r := range text {
		if r == 0 {
			return false
		}
	}
	return true
}

func given(id models.ID) *models.ID {
	if id == (models.ID{}) {
		return nil
	}
	return &id
}

// Reader is who asks what was said about a phone.
type Reader struct {
	Staff    bool
	Customer models.ID // whose phone it is, when it is proved
	Session  models.ID // of the shop
}

// maxConsents is how many words about a phone are told, the newest first.
const maxConsents = 100

// Consents are the words about a phone, the newest first, as far as its reader may know them (R-1002): all of them for staff
// and for the customer whose phone it is, for a session those that it wrote itself. A stranger gets none, whoever's phone
// it is. Fault: customers.phone at "phone".
func (o *Office) Consents(ctx context.Context, phone string, r Reader) ([]models.ConsentRow, error) {
	phone, err := customers.Normalize(phone)
	if err != nil {
		return nil, err
	}
	rows := []models.ConsentRow{}
	whole := r.Staff
	if !whole && r.Customer != (models.ID{}) {
		if whole, err = o.Owns(ctx, r.Customer, phone); err != nil {
			return nil, err
		}
	}
	q := o.db.On(ctx).Where("phone = ?", phone).Order("seq DESC").Limit(maxConsents)
	switch {
	case whole:
	case r.Session != (models.ID{}):
		q = q.Where("session_id = ?", r.Session)
	default:
		return rows, nil
	}
	if err := q.Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read consents: %w", err)
	}
	return rows, nil
}

// Who is somebody whose consent is asked about: a customer, or a session that has proved nothing.
type Who struct{ Customer, Session models.ID }

// Agreed tells whether the last word of somebody on a purpose was yes, and in which version; false when they said
// nothing. Only what is known to be a customer's own counts for them; for a session what it said itself.
func (o *Office) Agreed(ctx context.Context, who Who, purpose models.ConsentPurpose) (agreed bool, version string, err error) {
	q := o.db.On(ctx).Where("purpose = ?", purpose).Order("seq DESC")
	if who.Customer != (models.ID{}) { // what they said before they had a name has no customer, only the phone
		q = q.Where("verified_at IS NOT NULL AND (customer_id = @customer OR customer_id IS NULL AND phone = (SELECT phone FROM customers WHERE id = @customer))",
			map[string]any{"customer": who.Customer})
	} else {
		q = q.Where("session_id = ?", who.Session)
	}
	var row models.ConsentRow
	err = q.Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return false, "", nil
	}
	if err != nil {
		return false, "", fmt.Errorf("read last consent: %w", err)
	}
	return row.Granted, row.PolicyVersion, nil
}

// AgreedNow tells whether somebody has agreed to the privacy notice in the version that is in force.
func (o *Office) AgreedNow(ctx context.Context, who Who) (bool, error) {
	p, err := o.settings.Policies(ctx)
	if err != nil {
		return false, err
	}
	agreed, version, err := o.Agreed(ctx, who, models.PurposePrivacy)
	return agreed && version == p.PrivacyVersion, err
}

// Follow makes what a session said the word of the customer it turned out to be: what it said of their phone, and what
// it said of none. What it said of other phones stays a claim.
func (o *Office) Follow(ctx context.Context, session, customer models.ID) error {
	err := o.db.On(ctx).Exec(`UPDATE consents SET customer_id = @customer, verified_at = @now
		WHERE session_id = @session AND customer_id IS NULL AND verified_at IS NULL
		AND (phone IS NULL OR phone = (SELECT phone FROM customers WHERE id = @customer))`,
		map[string]any{"customer": customer, "session": session, "now": o.clock.Now().Truncate(time.Microsecond)}).Error
	if err != nil {
		return fmt.Errorf("hand consents on: %w", err)
	}
	return nil
}
