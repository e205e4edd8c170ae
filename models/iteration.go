package models

import "time"

// Iteration is what one change of the assistant's words, or of a policy of reading, did to understanding
// (R-1119): the same messages of customers, read as before and as after it. It holds counts, never a word.
type Iteration struct {
	AuditID       int64     `gorm:"primaryKey;autoIncrement:false"` // the change's entry in the audit log
	At            time.Time // of the change; machine time
	Actor, Action string    // as in the audit log
	Kind          string    // "faq_text", "service" or "policy"
	Key           string    // of the question or the policy; the service's code
	MeasuredAt    *time.Time
	Messages      int       // that were read
	Changed       int       // whose meaning differs
	Before        ReadCount `gorm:"embedded;embeddedPrefix:before_"`
	After         ReadCount `gorm:"embedded;embeddedPrefix:after_"`
}

// ReadCount is how messages were read by the rules.
type ReadCount struct {
	Understood int
	Unclear    int
	FAQ        int `gorm:"column:faq"` // that ask a question the salon has an answer for
	Asked      int // of which a model would be asked, if there is one
	HandedOver int // that would have been the last of too many unclear ones in a row
}
