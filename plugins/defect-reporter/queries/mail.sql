-- SPDX-License-Identifier: EUPL-1.2
-- Statements of mail: what comes in, and how the office reads it.

-- name: mail_received :done
-- One mail of the city's mailbox; see mail_take().
select defect_reporter.mail_take(:thread::uuid, jsonb_build_object(
	'kind', :kind::text, 'party', :party::text, 'known', :known::bool,
	'forged', :forged::bool, 'subject', :subject::text,
	'text', :text::text, 'shown', :shown::text, 'cut', :cut::bool,
	'dropped', :dropped::int, 'status', :status::text,
	'sent_at', :sent_at::text, 'files', :files::jsonb),
    :contact::bytea, :reply::bytea, :greet::bool, 
    :settings.mail_rules::jsonb);

-- name: mail_list :page
-- Mail to the tickets that the caller may see, newest first.
select c.received_at::text || '/' || c.id as position,
    json_build_object('id', c.id, 'kind', c.kind, 'party', c.party,
	'known', c.known, 'forged', c.forged, 'subject', c.subject,
	'shown', left(c.shown, 300), 'received_at', c.received_at,
	'read_at', c.read_at, 'ticket', json_build_object('id', r.id,
	    'number', r.number, 'status', r.status, 'release', r.release))
    as body
from defect_reporter.correspondence c
join defect_reporter.report r
    on r.tenant_id = c.tenant_id and r.id = c.report_id
where (c.read_at is null or :unread::bool is not true)
    and staff_may(r.department, r.category)
    and coalesce((c.received_at, c.id) <
	(split_part(:after::text, '/', 1)::timestamptz,
	split_part(:after::text, '/', 2)::uuid), true)
order by c.received_at desc, c.id desc
limit :limit::int;

-- name: mail_show :row
-- One of them whole; the platform opens the column contact.
select json_build_object('id', c.id, 'kind', c.kind, 'party', c.party,
    'known', c.known, 'forged', c.forged, 'subject', c.subject,
    'text', c.text, 'shown', c.shown, 'cut', c.cut, 'dropped', c.dropped,
    'status', c.status, 'sent_at', c.sent_at, 'received_at', c.received_at,
    'read_at', c.read_at, 'files', (select coalesce(json_agg(
	json_build_object('id', f.id, 'name', f.name,
	    'media_type', f.media_type, 'size', f.size)
	order by f.name, f.id), '[]')
	from defect_reporter.correspondence_file f
	where f.tenant_id = c.tenant_id and f.correspondence_id = c.id))
    as body, c.contact
from defect_reporter.correspondence c
join defect_reporter.report r
    on r.tenant_id = c.tenant_id and r.id = c.report_id
where c.id = :mail::uuid and c.report_id = :id::uuid
    and staff_may(r.department, r.category);

-- name: mail_file :blob
-- A file, to be saved and not to be shown, whatever it says it is.
select 'application/octet-stream' as media_type, b.content, f.name as filename
from defect_reporter.correspondence_file f
join defect_reporter.correspondence c
    on c.tenant_id = f.tenant_id and c.id = f.correspondence_id
join defect_reporter.report r
    on r.tenant_id = c.tenant_id and r.id = c.report_id
join stadtkern.blob b on b.tenant_id = f.tenant_id and b.id = f.blob
where f.id = :attachment::uuid and c.id = :mail::uuid and c.report_id = :id::uuid
    and staff_may(r.department, r.category);

-- name: mail_read :row
-- Somebody has read what came to a ticket.
with target as materialized (
    select r.id from defect_reporter.report r
    where r.id = :id::uuid and staff_may(r.department, r.category)
), done as (
    update defect_reporter.correspondence c set read_at = now(),
	read_by = staff()
    from target t where c.report_id = t.id and c.read_at is null
    returning c.id
)
select json_build_object('id', t.id, 'read', (select count(*) from done))
    as body
from target t;

-- name: mail_erase :done
-- What was written, when the contact data's time is over; that somebody
-- wrote stays.
with over as materialized (
    select c.id
    from defect_reporter.correspondence c
    join defect_reporter.report r on r.id = c.report_id
    join defect_reporter.submission s on s.report_id = r.id
    where s.contact_until is not null and (s.contact_until < today()
	or r.closed_at < now() - make_interval(days => :days::int + 1))
), erased as (
    update defect_reporter.correspondence c set contact = null, subject = null,
	text = null, shown = null
    from over o
    where c.id = o.id and (c.contact is not null or c.text is not null)
), gone as (
    delete from defect_reporter.correspondence_file f using over o
    where f.correspondence_id = o.id
    returning f.blob
)
select blob_delete(g.blob) from gone g;
