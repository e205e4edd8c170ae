package handlers

import (
	"fmt"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"frontdesk/internal/audit"
	"frontdesk/internal/fault"
	"frontdesk/internal/privacy"
	"frontdesk/internal/staff"
	"frontdesk/models"
)

const pdplPath = "/compliance/pdpl"

// pdplAPI is what people may ask for of their data, under a prefix (R-1011 to R-1014).
func (s *Server) pdplAPI(under string) []Route {
	read, act := can(staff.Privacy, staff.ToRead), can(staff.Privacy, staff.ToAct)
	away := fails{503: {"unavailable"}}
	missing := fails{400: {"validation"}, 404: {"not_found"}, 413: {"too_large"}, 503: {"unavailable"}}
	guarded := fails{400: {"validation"}, 404: {"not_found"}, 409: {"upcoming_visit", "open_order", "open_refund", "works_here"}, 503: {"unavailable"}}
	over := fails{404: {"link_unknown"}, 410: {"link_over"}, 413: {"too_large"}, 503: {"unavailable"}}
	return []Route{
		operation(s, Route{get, under + pdplPath + "/status", anyone(), nil, "What can be asked for, and how people are erased"}, 200, away, s.pdplStatus),
		operation(s, Route{post, under + pdplPath + "/export", act, nil, "Everything that is known of a person, or a link to it that is good for 15 minutes"}, 201, missing, s.pdplExport),
		operation(s, Route{get, under + pdplPath + "/export/:ticket", anyone().per(lookups), nil, "The export that a link promised, for 15 minutes and until the person is erased"}, 200, over, s.pdplOpen),
		{get, under + pdplPath + picturePath, anyone().per(lookups), s.pdplPicture, "A picture that an export lists, as long as a link would be good for"},
		operation(s, Route{post, under + pdplPath + "/delete", act, nil, "Erases a person: at once from every list, the rest by a job; sums stay"}, 202, guarded, s.pdplDelete),
		operation(s, Route{get, under + "/compliance/audit", read, nil, "What was asked for of people's data and what became of it, newest first"}, 200,
			fails{400: {"validation"}, 503: {"unavailable"}}, s.pdplAudit),
	}
}

type pdplStatusOut struct {
	Body struct {
		OK   bool `json:"ok" example:"true"`
		PDPL struct {
			Export bool   `json:"exportSupported" example:"true"`
			Delete bool   `json:"deleteSupported" example:"true" doc:"false: a deletion is written down and not done"`
			Mode   string `json:"deleteMode" enum:"queue,sync,disabled" example:"queue"`
		} `json:"pdpl"`
	}
}

// pdplStatus says what can be asked for (R-1011).
func (s *Server) pdplStatus(*fiber.Ctx, *struct{}) (*pdplStatusOut, error) {
	out := &pdplStatusOut{}
	out.Body.OK, out.Body.PDPL.Export, out.Body.PDPL.Mode = true, true, string(s.Privacy.Mode())
	out.Body.PDPL.Delete = s.Privacy.Mode() != privacy.DeleteDisabled
	return out, nil
}

// WhoseData says whose data it is about. It has a capital for huma, as Speaking has.
type WhoseData struct {
	Phone    string `json:"phone,omitempty" maxLength:"60" example:"+447700900123" doc:"Of the person; this or customerId"`
	Customer string `json:"customerId,omitempty" maxLength:"64" example:"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c18"`
	Confirm  bool   `json:"confirm,omitempty" example:"false" doc:"Staff have looked: people without a phone whom they brought go with them, and an upcoming visit or an open order stands in nobody's way"`
}

func (in WhoseData) subject() (privacy.Subject, error) {
	subject := privacy.Subject{Phone: in.Phone, Confirm: in.Confirm}
	if in.Customer == "" {
		return subject, nil
	}
	id, err := uuid.Parse(in.Customer)
	if err != nil {
		return subject, fault.Invalid("error.validation", map[string]string{"customerId": "format"})
	}
	subject.Customer = id
	return subject, nil
}

type pdplExportIn struct {
	Speaking
	Mode string `query:"mode" enum:"inline,link" default:"inline" doc:"link: an address that is good for 15 minutes, instead of the data"`
	Body WhoseData
}

type pdplExportOut struct {
	Disposition string `header:"Content-Disposition"`
	Body        struct {
		OK      bool        `json:"ok" example:"true"`
		Data    *personData `json:"data,omitempty" doc:"Where no link was asked for"`
		URL     string      `json:"url,omitempty" example:"https://salon.example/compliance/pdpl/export/q83vEjRWeJASNFZ4" doc:"Where a link was asked for"`
		Expires *time.Time  `json:"expiresAt,omitempty" example:"2026-10-09T08:15:00Z"`
	}
}

// personData is everything that is known of a person. Rows say what their tables say, by the same names.
type personData struct {
	Customer struct {
		ID      *models.ID `json:"id" nullable:"true" format:"uuid" example:"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c18" doc:"null: they never became a customer"`
		Phone   string     `json:"waPhone" example:"+447700900123"`
		Name    string     `json:"waName,omitempty" example:"Iris"`
		Created *time.Time `json:"createdAt" nullable:"true" example:"2026-10-09T08:00:00Z"`
	} `json:"customer"`
	Profile       []privacy.Row   `json:"profile" nullable:"false"`
	Contacts      []privacy.Row   `json:"contacts" nullable:"false"`
	Conversations []privacy.Row   `json:"conversations" nullable:"false" doc:"Each with its messages, archives, notes and how it was read"`
	Bookings      []privacy.Row   `json:"bookings" nullable:"false" doc:"Each with its services, history, payments and refunds"`
	Orders        []privacy.Row   `json:"orders" nullable:"false" doc:"Each with its items, payments and history"`
	Returns       []privacy.Row   `json:"returns" nullable:"false" doc:"Each with its items, history and photos; of a picture its size, its SHA-256 and where it is fetched for 15 minutes"`
	Consents      []privacy.Row   `json:"consents" nullable:"false"`
	Cases         []privacy.Row   `json:"cases" nullable:"false"`
	Addresses     []privacy.Row   `json:"addresses" nullable:"false"`
	Carts         []privacy.Row   `json:"carts" nullable:"false"`
	Sessions      []privacy.Row   `json:"sessions" nullable:"false" doc:"Of the shop"`
	Notes         []privacy.Row   `json:"notes" nullable:"false" doc:"Whom they book for, and who books for them"`
	Requests      []privacy.Row   `json:"requests" nullable:"false" doc:"What was asked for of their data"`
	ThirdParties  []privacy.Guest `json:"thirdParties" nullable:"false" doc:"People without a phone of their own whom they brought: by id, with their names and data only where staff confirmed it"`
	Unproved      int             `json:"unprovedOrders" example:"0" doc:"Orders with this phone that nobody proved to be theirs; none of them is told"`
	At            time.Time       `json:"exportGeneratedAt" example:"2026-10-09T08:00:00Z"`
}

// dataOf writes an export down for programs, and says of each picture where it is.
func (s *Server) dataOf(e privacy.Export) *personData {
	ticket := s.tickets.sign(useExport, e.Request[:], exportLife)
	for _, r := range e.Parts["returns"] {
		for _, photo := range below(r, "photos") {
			for _, picture := range below(photo, "pictures") {
				picture["url"] = fmt.Sprintf("%s%s/export/%s/photos/%s", s.set.BaseURL, pdplPath, ticket, picture["photoId"])
			}
		}
	}
	out := &personData{
		Profile: e.Parts["profile"], Contacts: e.Parts["contacts"], Conversations: e.Parts["conversations"], Bookings: e.Parts["bookings"], Orders: e.Parts["orders"],
		Returns: e.Parts["returns"], Consents: e.Parts["consents"], Cases: e.Parts["cases"], Addresses: e.Parts["addresses"], Carts: e.Parts["carts"],
		Sessions: e.Parts["sessions"], Notes: e.Parts["notes"], Requests: e.Parts["requests"], ThirdParties: e.Guests, Unproved: e.Unproved, At: e.At,
	}
	out.Customer.ID, out.Customer.Phone, out.Customer.Name, out.Customer.Created = e.Customer.ID, e.Customer.Phone, e.Customer.Name, e.Customer.CreatedAt
	return out
}

// below are the rows that stand under one.
func below(r privacy.Row, as string) []privacy.Row {
	rows, _ := r[as].([]privacy.Row)
	return rows
}

// useExport is what tickets of exports are for. The rule ends a link, not its ticket: it is to say that its time is over.
const (
	useExport  = "privacy export"
	exportLife = 365 * 24 * time.Hour

	picturePath = "/export/:ticket/photos/:photo"
)

// pdplExport tells everything that is known of a person, or promises a link to it (R-1012, R-1013).
func (s *Server) pdplExport(c *fiber.Ctx, in *pdplExportIn) (*pdplExportOut, error) {
	subject, err := in.Body.subject()
	if err != nil {
		return nil, err
	}
	v, _ := VisitorOf(c.UserContext())
	out := &pdplExportOut{}
	out.Body.OK = true
	if in.Mode == "link" {
		request, err := s.Privacy.AskLink(c.UserContext(), privacy.Promise{Subject: subject, Actor: v.Actor()})
		if err != nil {
			return nil, err
		}
		expires := request.CreatedAt.Add(privacy.LinkLife).UTC()
		out.Body.URL, out.Body.Expires = s.exportLink(request.ID), &expires
		return out, nil
	}
	export, err := s.Privacy.Export(c.UserContext(), subject, v.Actor())
	if err != nil {
		return nil, err
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	out.Body.Data = s.dataOf(export)
	return out, nil
}

// exportLink is the address of an export that somebody was promised.
func (s *Server) exportLink(request models.ID) string {
	return s.set.BaseURL + pdplPath + "/export/" + s.tickets.sign(useExport, request[:], exportLife)
}

type pdplOpenIn struct {
	Speaking
	Ticket string `path:"ticket" maxLength:"200" example:"q83vEjRWeJASNFZ4"`
}

// pdplOpen is the export that a link names (R-1013).
func (s *Server) pdplOpen(c *fiber.Ctx, in *pdplOpenIn) (*pdplExportOut, error) {
	says, good := s.tickets.read(useExport, in.Ticket, len(models.ID{}))
	if !good {
		return nil, fault.NotFound("privacy.link_unknown")
	}
	export, err := s.Privacy.Open(c.UserContext(), models.ID(says), "")
	if err != nil {
		return nil, err
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	out := &pdplExportOut{Disposition: `attachment; filename="export.json"`}
	out.Body.OK, out.Body.Data = true, s.dataOf(export)
	return out, nil
}

// pdplPicture is a picture that an export lists. Only what was found to be a picture of two kinds is kept, and the browser is told to believe nothing else.
func (s *Server) pdplPicture(c *fiber.Ctx) error {
	says, good := s.tickets.read(useExport, c.Params("ticket"), len(models.ID{}))
	var photo models.ID
	if !good || photo.UnmarshalText([]byte(c.Params("photo"))) != nil {
		return fault.NotFound("privacy.link_unknown")
	}
	kind, data, err := s.Privacy.Picture(c.UserContext(), models.ID(says), photo, "")
	if err != nil {
		return err
	}
	private(c)
	c.Set(fiber.HeaderContentType, kind)
	c.Set(fiber.HeaderContentDisposition, "attachment")
	return c.Send(data)
}

type pdplDeleteIn struct {
	Speaking
	Body struct {
		WhoseData
		Reason string `json:"reason,omitempty" maxLength:"500" example:"Asked for at the desk." doc:"Without the person's name or phone"`
	}
}

type pdplDeleteOut struct {
	Body struct {
		OK      bool      `json:"ok" example:"true"`
		AuditID string    `json:"auditId" example:"1840" doc:"Of the entry in the audit log"`
		Request models.ID `json:"requestId" format:"uuid" example:"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c19"`
		Status  string    `json:"status" enum:"accepted,processing,succeeded,failed,not_implemented" example:"accepted" doc:"not_implemented: erasing is switched off"`
	}
}

// pdplDelete erases a person (R-1014).
func (s *Server) pdplDelete(c *fiber.Ctx, in *pdplDeleteIn) (*pdplDeleteOut, error) {
	subject, err := in.Body.subject()
	if err != nil {
		return nil, err
	}
	v, _ := VisitorOf(c.UserContext())
	request, err := s.Privacy.Erase(c.UserContext(), privacy.Erasure{Subject: subject, Reason: in.Body.Reason, Actor: v.Actor()})
	if err != nil {
		return nil, err
	}
	out := &pdplDeleteOut{}
	out.Body.OK, out.Body.AuditID, out.Body.Request, out.Body.Status = true, strconv.FormatInt(request.AuditID, 10), request.ID, string(request.State)
	return out, nil
}

type pdplAuditIn struct {
	Speaking
	Before int64 `query:"before" minimum:"0" default:"0" doc:"Only entries older than this one"`
	Limit  int   `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type pdplAuditOut struct {
	Body struct {
		OK      bool           `json:"ok" example:"true"`
		Entries []privacyEntry `json:"entries" nullable:"false"`
	}
}

// privacyEntry is a request as the audit log has it.
type privacyEntry struct {
	ID      int64     `json:"id" example:"1840"`
	At      time.Time `json:"at" example:"2026-10-09T08:00:00Z"`
	Actor   string    `json:"actor" example:"machine"`
	Action  string    `json:"action" example:"privacy.exported"`
	Kind    string    `json:"subjectKind" example:"customer"`
	Subject string    `json:"subjectId" example:"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c18"`
	Reason  string    `json:"reason,omitempty" example:"Asked for at the desk."`
}

// pdplAudit lists what was asked for of people's data (R-1016).
func (s *Server) pdplAudit(c *fiber.Ctx, in *pdplAuditIn) (*pdplAuditOut, error) {
	rows, err := s.Audit.Entries(c.UserContext(), audit.Query{Actions: privacy.Actions(), BeforeID: in.Before, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	out := &pdplAuditOut{}
	out.Body.OK, out.Body.Entries = true, []privacyEntry{}
	for _, r := range rows {
		out.Body.Entries = append(out.Body.Entries, privacyEntry{r.ID, r.At, r.Actor, r.Action, r.SubjectKind, r.SubjectID, r.Reason})
	}
	return out, nil
}
