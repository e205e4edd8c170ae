package main

import (
	"errors"
	"slices"

	"frontdesk/internal/privacy"
)

// Forgetting is how people are erased who ask for it.
type Forgetting struct {
	// PDPLDeleteMode is who does it: a job (queue), the request itself (sync), or nobody (disabled): then it is written down
	// and answered with not_implemented.
	PDPLDeleteMode string `env:"PDPL_DELETE_MODE" envDefault:"queue"`
}

// checkForms judges what every environment needs to be well formed.
func (f *Forgetting) checkForms() []error {
	if !slices.Contains(privacy.DeleteModes(), f.deleteMode()) {
		return []error{errors.New("PDPL_DELETE_MODE must be queue, sync or disabled")}
	}
	return nil
}

func (f *Forgetting) deleteMode() privacy.DeleteMode { return privacy.DeleteMode(f.PDPLDeleteMode) }
