package privacy

import (
	"context"
	"fmt"
	"time"

	"frontdesk/models"
)

// Standing is how somebody stands to the privacy notice (R-1004).
type Standing string

// Standings. The first three are gaps.
const (
	Missing   Standing = "missing"   // they never said anything
	Withdrawn Standing = "withdrawn" // their last word was no
	Outdated  Standing = "outdated"  // they agreed to another version than the one in force
	Agreed    Standing = "agreed"
)

// Standings lists them in the order pages show them.
func Standings() []Standing { return []Standing{Missing, Withdrawn, Outdated, Agreed} }

// Person is a customer and how they stand.
type Person struct {
	ID            models.ID
	Name          string
	Surname       string
	Phone         string
	Standing      Standing
	PolicyVersion string // they said it about; empty when they said nothing
	Channel       models.ConsentChannel
	At            *time.Time // when they said it
}

// Asked is which people a report is about.
type Asked struct {
	Standing Standing // empty: everybody with a gap
	After    models.ID
	Limit    int // 0 takes 100
}

// mostPeople is how many people one page of a report holds.
const mostPeople = 1000

// standings are all customers with a phone of their own, and the last word that is known to be theirs. Who is brought along
// by somebody has no phone, and nothing of them is kept that their booker did not say.
const standings = `SELECT c.id, c.name, c.surname, c.phone, coalesce(l.policy_version, '') AS policy_version, coalesce(l.channel, '') AS channel, l.created_at AS at,
		CASE WHEN l.granted IS NULL THEN 'missing' WHEN NOT l.granted THEN 'withdrawn' WHEN l.policy_version <> @version THEN 'outdated' ELSE 'agreed' END AS standing
	FROM customers c LEFT JOIN LATERAL (SELECT * FROM (
		(SELECT seq, granted, policy_version, channel, created_at FROM consents WHERE customer_id = c.id AND purpose = 'privacy' AND verified_at IS NOT NULL ORDER BY seq DESC LIMIT 1)
		UNION ALL
		(SELECT seq, granted, policy_version, channel, created_at FROM consents WHERE phone = c.phone AND customer_id IS NULL AND purpose = 'privacy' AND verified_at IS NOT NULL ORDER BY seq DESC LIMIT 1)
	) words ORDER BY seq DESC LIMIT 1) l ON true
	WHERE c.phone IS NOT NULL AND c.id > @after`

// Report lists how customers stand to the version of the privacy notice that is in force, in the order of their ids, a page
// at a time (R-1004). A claim that nobody has proved counts for nothing.
func (o *Office) Report(ctx context.Context, a Asked) (people []Person, version string, err error) {
	p, err := o.settings.Policies(ctx)
	if err != nil {
		return nil, "", err
	}
	limit := min(a.Limit, mostPeople+1)
	if limit <= 0 {
		limit = 100
	}
	in := []Standing{a.Standing}
	if a.Standing == "" {
		in = []Standing{Missing, Withdrawn, Outdated}
	}
	people = []Person{}
	err = o.db.On(ctx).Raw("SELECT * FROM ("+standings+") s WHERE standing IN @in ORDER BY id LIMIT @limit",
		map[string]any{"version": p.PrivacyVersion, "after": a.After, "in": in, "limit": limit}).Scan(&people).Error
	if err != nil {
		return nil, "", fmt.Errorf("report on consents: %w", err)
	}
	return people, p.PrivacyVersion, nil
}
