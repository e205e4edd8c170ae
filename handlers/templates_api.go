package handlers

import (
	"maps"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"frontdesk/internal/content"
	"frontdesk/internal/fault"
	"frontdesk/internal/staff"
	"frontdesk/models"
)

// templateAPI are the templates for programs, under a prefix. Anybody reads those in use; staff change them.
func (s *Server) templateAPI(under string) []Route {
	write, read := can(staff.Content, staff.ToAct), fails{400: {"validation"}, 401: {"unauthorized"}, 403: {"forbidden"}, 503: {"unavailable"}}
	put := fails{400: {"validation"}, 401: {"unauthorized"}, 403: {"forbidden"}, 409: {"changed_meanwhile", "worded_by_meta"}, 503: {"unavailable"}}
	change := maps.Clone(put)
	change[404] = []string{"no_such_template"}
	remove := fails{401: {"unauthorized"}, 403: {"forbidden"}, 404: {"no_such_template"}, 503: {"unavailable"}}
	path := under + "/cms/templates"
	return []Route{
		operation(s, Route{get, path, shopper(), nil, "Message templates in use, by key, locale and channel"}, 200, read, s.listTemplates),
		operation(s, Route{post, path, write, nil, "Makes a template, or changes the one of this key, locale and channel"}, 201, put, s.putTemplate),
		operation(s, Route{fiber.MethodPut, path + "/:id", write, nil, "Changes a template; what is not named stays"}, 200, change, s.changeTemplate),
		operation(s, Route{fiber.MethodDelete, path + "/:id", write, nil, "Takes a template out; its history stays"}, 200, remove, s.removeTemplate),
	}
}

// template is a template as programs read it.
type template struct {
	ID        models.ID         `json:"id" format:"uuid" example:"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c1a"`
	Key       string            `json:"key" example:"order_status"`
	Locale    string            `json:"locale" enum:"en,es,ar" example:"en"`
	Channel   string            `json:"channel" enum:"wa,web" example:"wa"`
	Body      string            `json:"body" example:"Hello {{.Name}}, this is where your order {{.Order}} stands: {{.Status}}. Write to us with any question." doc:"The newest wording"`
	SentBody  string            `json:"sentBody,omitempty" example:"Hello {{.Name}}, your order {{.Order}} is now {{.Status}}, and we keep you posted." doc:"What WhatsApp sends until Meta has approved the newest wording, where that is another"`
	Footer    string            `json:"footer,omitempty" example:"Luma"`
	Buttons   []string          `json:"buttons,omitempty" example:"[\"Track it\"]"`
	Variables map[string]string `json:"variables" example:"{\"Name\":\"Lena\",\"Order\":\"LU-7K3M-9QXD\",\"Status\":\"on its way\"}" doc:"Declared variables, with what they may read like where that was said"`
	IsActive  bool              `json:"isActive" example:"true"`
	Approval  string            `json:"approval,omitempty" enum:"unknown,approved,paused,rejected" example:"approved" doc:"What Meta said last, as far as anybody told us"`
	Version   int               `json:"version" example:"3"`
	UpdatedBy string            `json:"updatedBy" example:"staff" doc:"machine, system or staff; who it was stands in the history, for staff"`
	CreatedAt time.Time         `json:"createdAt" example:"2026-10-09T08:00:00Z"`
	UpdatedAt time.Time         `json:"updatedAt" example:"2026-10-09T08:00:00Z"`
}

func templateOf(row models.MessageText) template {
	t := template{
		ID: row.ID, Key: row.Key, Locale: row.Language, Channel: string(content.RoadOf(row)), Body: row.Body, Footer: row.Footer, Buttons: row.Buttons,
		Variables: map[string]string{}, IsActive: row.Active, Version: row.Version, UpdatedBy: byKind(row.UpdatedBy), CreatedAt: row.CreatedAt, UpdatedAt: row.UpdatedAt,
	}
	if row.Draft != "" {
		t.Body, t.SentBody, t.Footer, t.Buttons = row.Draft, row.Body, row.DraftFooter, row.DraftButtons
	}
	if content.RoadOf(row) == content.ByWhatsApp {
		t.Approval = string(row.Approval)
	}
	for _, name := range row.Values {
		t.Variables[name] = row.Samples[name]
	}
	return t
}

// byKind is what kind of caller saved something: names of staff are for staff.
func byKind(actor string) string {
	kind, _, _ := strings.Cut(actor, ":")
	return kind
}

type templatesIn struct {
	Speaking
	Inactive string `query:"includeInactive" enum:"0,1,true,false" default:"0" doc:"1: also those not in use, for staff"`
}

type templatesOut struct {
	Body struct {
		OK        bool       `json:"ok" example:"true"`
		Templates []template `json:"templates" nullable:"false"`
	}
}

// listTemplates lists what is in use; the rest is for staff.
func (s *Server) listTemplates(c *fiber.Ctx, in *templatesIn) (*templatesOut, error) {
	all := in.Inactive == "1" || in.Inactive == "true"
	if all {
		_, isStaff, err := s.alsoStaff(c, right{staff.Content, staff.ToRead})
		if err != nil {
			return nil, err
		}
		if !isStaff {
			return nil, fault.Unauthorized("error.unauthorized")
		}
	}
	rows, err := s.Content.ListTemplates(c.UserContext(), all)
	if err != nil {
		return nil, err
	}
	out := &templatesOut{}
	out.Body.OK, out.Body.Templates = true, []template{}
	for _, row := range rows {
		out.Body.Templates = append(out.Body.Templates, templateOf(row))
	}
	return out, nil
}

// TemplateFields are what may be said of a template in either way of changing it.
type TemplateFields struct {
	Footer    *string           `json:"footer,omitempty" maxLength:"200" example:"Luma" doc:"Of wa; one plain line of 60 characters at most"`
	Buttons   []string          `json:"buttons,omitempty" maxItems:"20" example:"[\"Track it\"]" doc:"Of wa; quick replies of 25 characters at most"`
	Variables map[string]string `json:"variables,omitempty" example:"{\"Name\":\"Lena\",\"Order\":\"LU-7K3M-9QXD\",\"Status\":\"on its way\"}" doc:"Every variable of the body, and what it may read like"`
	Active    *bool             `json:"isActive,omitempty" example:"true"`
	By        string            `json:"updatedBy,omitempty" maxLength:"80" example:"nightly import" doc:"Kept as the reason in the history; who calls is known"`
}

func (f TemplateFields) wish(c *fiber.Ctx, body *string) content.TemplateWish {
	w := content.TemplateWish{
		Body: body, Footer: f.Footer, Buttons: f.Buttons, Active: f.Active,
		Saved: content.Saved{Actor: actorOf(c.UserContext()), Reason: f.By},
	}
	if f.Variables != nil {
		w.Variables = maps.Clone(models.Text(f.Variables))
	}
	return w
}

type putTemplateIn struct {
	Speaking
	Body struct {
		_       struct{} `additionalProperties:"false"`
		Key     string   `json:"key" minLength:"1" maxLength:"64" example:"order_status"`
		Locale  string   `json:"locale" enum:"en,es,ar" example:"en"`
		Channel string   `json:"channel" enum:"wa,web" example:"wa"`
		Text    string   `json:"body" minLength:"1" maxLength:"8000" example:"Hello {{.Name}}, this is where your order {{.Order}} stands: {{.Status}}. Write to us with any question."`
		TemplateFields
	}
}

type templateOut struct {
	Body struct {
		OK       bool     `json:"ok" example:"true"`
		Template template `json:"template"`
	}
}

func templateAnswer(row models.MessageText) *templateOut {
	out := &templateOut{}
	out.Body.OK, out.Body.Template = true, templateOf(row)
	return out
}

// putTemplate makes or changes a template.
func (s *Server) putTemplate(c *fiber.Ctx, in *putTemplateIn) (*templateOut, error) {
	row, err := s.Content.PutTemplate(c.UserContext(), in.Body.Key, in.Body.Locale, content.Road(in.Body.Channel), in.Body.wish(c, &in.Body.Text))
	if err != nil {
		return nil, err
	}
	return templateAnswer(row), nil
}

type changeTemplateIn struct {
	Speaking
	ID   string `path:"id" maxLength:"64" example:"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c1a"`
	Body struct {
		_    struct{} `additionalProperties:"false"`
		Text *string  `json:"body,omitempty" minLength:"1" maxLength:"8000" example:"Hello {{.Name}}, this is where your order {{.Order}} stands: {{.Status}}. Write to us with any question."`
		TemplateFields
	}
}

// changeTemplate changes a template by its id.
func (s *Server) changeTemplate(c *fiber.Ctx, in *changeTemplateIn) (*templateOut, error) {
	id, err := uuid.Parse(in.ID)
	if err != nil {
		return nil, fault.NotFound("content.no_such_template")
	}
	row, err := s.Content.ChangeTemplate(c.UserContext(), id, in.Body.wish(c, in.Body.Text))
	if err != nil {
		return nil, err
	}
	return templateAnswer(row), nil
}

type removeTemplateIn struct {
	Speaking
	ID string `path:"id" maxLength:"64" example:"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c1a"`
}

// removeTemplate takes a template out of use for good, until it is made again.
func (s *Server) removeTemplate(c *fiber.Ctx, in *removeTemplateIn) (*doneOut, error) {
	id, err := uuid.Parse(in.ID)
	if err != nil {
		return nil, fault.NotFound("content.no_such_template")
	}
	if err := s.Content.RemoveTemplate(c.UserContext(), id, content.Saved{Actor: actorOf(c.UserContext())}); err != nil {
		return nil, err
	}
	out := &doneOut{}
	out.Body.OK = true
	return out, nil
}
