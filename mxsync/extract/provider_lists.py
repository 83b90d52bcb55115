"""Domains that say nothing about whom their users work for.

Three lists, kept by hand; one domain covers everything below it. What others maintain and we package (free mail and
throw-away domains by the thousand) lies in `lists`; here stands what those lack. A customer's own additions stand in
the configuration.
"""

from __future__ import annotations

from mxsync.extract.word_list import words


def _each(names: str, suffixes: str) -> set[str]:
    return {f"{name}.{suffix}" for name in names.split() for suffix in suffixes.split()}


_FREE = """
gmail.com googlemail.com aol.com aol.de aol.fr aol.co.uk aol.it aol.es aim.com icloud.com me.com mac.com
privaterelay.appleid.com
ymail.com rocketmail.com myyahoo.com yahoomail.com msn.com passport.com windowslive.com hotmail.com outlook.com live.com
proton.me protonmail.com protonmail.ch pm.me tutanota.com tutanota.de tutamail.com tuta.io tuta.com keemail.me
zoho.com zohomail.com zohomail.eu zoho.eu mail.com email.com usa.com consultant.com engineer.com europe.com post.com
dr.com asia.com iname.com myself.com cheerful.com techie.com accountant.com lawyer.com writeme.com
fastmail.com fastmail.fm fastmail.net sent.com hushmail.com hush.com mailfence.com posteo.de posteo.net posteo.eu
mailbox.org
runbox.com disroot.org riseup.net autistici.org inbox.com gawab.com mail2world.com lycos.com excite.com netscape.net
netscape.com
juno.com netzero.net netzero.com hey.com duck.com mozmail.com simplelogin.com anonaddy.me skiff.com startmail.com
countermail.com kolabnow.com
rediffmail.com rediff.com sify.com indiatimes.com in.com vsnl.net vsnl.com bsnl.in airtelmail.in dataone.in
qq.com foxmail.com vip.qq.com 163.com 126.com yeah.net 188.com vip.163.com vip.126.com sina.com sina.cn vip.sina.com
sohu.com tom.com 21cn.com
139.com 189.cn wo.cn 263.net aliyun.com naver.com hanmail.net daum.net nate.com kakao.com korea.com
docomo.ne.jp ezweb.ne.jp au.com softbank.ne.jp i.softbank.jp vodafone.ne.jp nifty.com biglobe.ne.jp ocn.ne.jp
so-net.ne.jp excite.co.jp
goo.jp goo.ne.jp infoseek.jp plala.or.jp dion.ne.jp yahoo.ne.jp ybb.ne.jp asahi-net.or.jp
pchome.com.tw hinet.net seed.net.tw netvigator.com singnet.com.sg pacific.net.sg starhub.net.sg streamyx.com tm.net.my
vnn.vn fpt.vn hcm.vnn.vn pldtdsl.net
mail.ru inbox.ru list.ru bk.ru internet.ru rambler.ru lenta.ru autorambler.ru myrambler.ru ro.ru yandex.ru yandex.com
ya.ru narod.ru
yandex.by yandex.kz yandex.ua yandex.com.tr pochta.ru qip.ru ukr.net i.ua meta.ua bigmir.net online.ua tut.by mail.by
mail.kz
seznam.cz email.cz post.cz centrum.cz atlas.cz volny.cz quick.cz azet.sk centrum.sk zoznam.sk post.sk
wp.pl o2.pl onet.pl onet.eu op.pl interia.pl interia.eu poczta.onet.pl poczta.fm gazeta.pl tlen.pl vp.pl autograf.pl
buziaczek.pl neostrada.pl
freemail.hu citromail.hu t-online.hu vipmail.hu upcmail.hu indamail.hu abv.bg mail.bg dir.bg gbg.bg
inbox.lv inbox.lt inbox.ee mail.ee online.ee hot.ee one.lt delfi.lv apollo.lv
net.hr inet.hr siol.net email.si volja.net eunet.rs ptt.rs mts.rs yubc.net
otenet.gr forthnet.gr in.gr pathfinder.gr mailbox.gr hol.gr windtools.gr cytanet.com.cy
web.de gmx.de gmx.net gmx.at gmx.ch gmx.com gmx.info gmx.org gmx.eu gmx.us gmx.co.uk gmx.fr gmx.es caramail.com
t-online.de freenet.de arcor.de online.de 1und1.de email.de mail.de vodafone.de vodafonemail.de kabelmail.de unitybox.de
alice.de alice-dsl.net alice-dsl.de o2online.de o2mail.de versanet.de ewetel.net ewe.net netcologne.de osnanet.de
htp-tel.de gmx-topmail.de
firemail.de smart-mail.de spambog.com directbox.com lycos.de tiscali.de compuserve.de compuserve.com epost.de magenta.de
aon.at chello.at a1.net utanet.at inode.at kabsi.at liwest.at drei.at bluewin.ch hispeed.ch sunrise.ch swissonline.ch
vtxmail.ch
orange.fr wanadoo.fr free.fr laposte.net sfr.fr neuf.fr bbox.fr numericable.fr club-internet.fr cegetel.net 9online.fr
aliceadsl.fr noos.fr
voila.fr libertysurf.fr tele2.fr dbmail.com francite.com caramail.fr online.fr lycos.fr infonie.fr
libero.it virgilio.it tiscali.it alice.it tin.it tim.it inwind.it iol.it blu.it email.it fastwebnet.it vodafone.it
teletu.it poste.it
aruba.it pec.it legalmail.it jumpy.it katamail.com supereva.it interfree.it
terra.es telefonica.net ono.com ya.com orange.es wanadoo.es movistar.es euskaltel.net telecable.es jazztel.es
vodafone.es mundo-r.com
sapo.pt iol.pt clix.pt netcabo.pt mail.telepac.pt portugalmail.pt meo.pt vodafone.pt
telenet.be skynet.be proximus.be scarlet.be base.be voo.be belgacom.net pandora.be tvcablenet.be brutele.be
ziggo.nl kpnmail.nl kpnplanet.nl planet.nl hetnet.nl xs4all.nl home.nl casema.nl chello.nl upcmail.nl zonnet.nl
tele2.nl online.nl quicknet.nl
wxs.nl zeelandnet.nl solcon.nl caiway.nl freeler.nl telfort.nl versatel.nl orange.nl vodafonevast.nl onsbrabantnet.nl
pt.lu internet.lu vo.lu
btinternet.com btopenworld.com btconnect.com talktalk.net tiscali.co.uk sky.com blueyonder.co.uk ntlworld.com
virginmedia.com virgin.net
plusnet.com plus.net plus.com orange.net o2.co.uk o2.com tesco.net freeserve.co.uk fsmail.net supanet.com mail.co.uk
uwclub.net waitrose.com onetel.com
talk21.com lineone.net madasafish.com zen.co.uk eircom.net eir.ie vodafone.ie iol.ie indigo.ie
tele2.se telia.com spray.se bredband.net comhem.se bahnhof.se home.se swipnet.se glocalnet.net passagen.se online.no
broadpark.no getmail.no frisurf.no start.no ebnett.no lyse.net jubii.dk ofir.dk mail.dk stofanet.dk tdcadsl.dk
mail.tele.dk post.tele.dk
kolumbus.fi saunalahti.fi elisanet.fi pp.inet.fi luukku.com welho.com suomi24.fi dnainternet.net netti.fi simnet.is
internet.is visir.is
comcast.net verizon.net att.net sbcglobal.net bellsouth.net pacbell.net ameritech.net swbell.net snet.net prodigy.net
worldnet.att.net
cox.net charter.net spectrum.net roadrunner.com rr.com twc.com earthlink.net mindspring.com peoplepc.com optonline.net
optimum.net cablevision.com
frontier.com frontiernet.net windstream.net centurylink.net centurytel.net embarqmail.com q.com qwest.net wowway.com
rcn.com knology.net suddenlink.net
mediacombb.net insightbb.com cableone.net tds.net hughes.net ptd.net zoominternet.net epix.net consolidated.net
rogers.com bell.net sympatico.ca shaw.ca telus.net videotron.ca cogeco.ca eastlink.ca sasktel.net mts.net
nb.sympatico.ca xplornet.com teksavvy.com
primus.ca nl.rogers.com
bigpond.com bigpond.net.au optusnet.com.au optusnet.com iinet.net.au internode.on.net tpg.com.au westnet.com.au
ozemail.com.au dodo.com.au adam.com.au
iprimus.com.au exemail.com.au aapt.net.au xtra.co.nz slingshot.co.nz orcon.net.nz clear.net.nz paradise.net.nz
vodafone.co.nz ihug.co.nz inspire.net.nz
mweb.co.za telkomsa.net vodamail.co.za webmail.co.za iafrica.com absamail.co.za lantic.net polka.co.za
worldonline.co.za global.co.za icon.co.za
cybersmart.co.za ananzi.co.za mtnloaded.co.za axxess.co.za afrihost.co.za netactive.co.za xsinet.co.za intekom.co.za
vodacom.co.za imaginet.co.za
cell-c.co.za isat.co.za mighty.co.za iway.na africaonline.com.na
safaricom.co.ke africaonline.co.ke wananchi.com menara.ma gnet.tn topnet.tn planet.tn link.net tedata.net.eg
emirates.net.ae eim.ae
walla.com walla.co.il netvision.net.il bezeqint.net zahav.net.il 012.net.il 013.net barak.net.il inter.net.il
ttmail.com mynet.com ttnet.net.tr superonline.com
maktoob.com saudi.net.sa qatar.net.qa cyberia.net.lb
uol.com.br bol.com.br terra.com.br ig.com.br globo.com globomail.com r7.com oi.com.br zipmail.com.br superig.com.br
pop.com.br click21.com.br
terra.com terra.com.mx prodigy.net.mx infinitum.com.mx starmedia.com fibertel.com.ar arnet.com.ar speedy.com.ar
ciudad.com.ar uolsinectis.com.ar
adinet.com.uy vtr.net terra.cl entel.cl une.net.co etb.net.co cantv.net telefonica.com.pe
mailinator.com guerrillamail.com 10minutemail.com yopmail.com trashmail.com trash-mail.com tempmail.com temp-mail.org
sharklasers.com dispostable.com
maildrop.cc getnada.com throwawaymail.com mintemail.com mohmal.com fakeinbox.com mailnesia.com spamgourmet.com
moakt.com emailondeck.com
"""

_FAMILIES = (
    _each(
        "yahoo",
        "com co.uk co.in in fr de it es ca com.au co.nz com.br com.ar com.mx com.co com.pe cl "
        "com.ve co.jp com.cn cn com.hk com.tw "
        "com.sg com.my com.ph co.id com.vn co.th co.kr gr ie nl be se no dk fi pl ro cz hu at ch "
        "pt com.tr co.za com.eg ae com.ua",
    )
    | _each(
        "hotmail",
        "co.uk fr de it es ca be nl se no dk fi at ch gr pt pl com.au co.nz com.br com.ar com.mx "
        "cl co.jp co.kr co.in co.za co.th "
        "com.hk com.tr com.tw sg my ph rs lt lv ee cz hu ro co.il",
    )
    | _each(
        "live",
        "co.uk fr de it nl be se no dk fi at ca com.au com.mx com.ar com.pt cl cn jp ru in ie hk "
        "co.za com.my com.sg com.ph co.kr",
    )
    | _each(
        "outlook",
        "co.uk fr de it es be dk at cz ie pt com.au com.br com.ar cl co.id co.il co.th in jp kr lv my ph sa sg sk "
        "com.tr com.gr hu co.nz com.vn",
    )
    | _each("windowslive", "fr de es")
    | _each("msn", "nl co.uk fr de")
    | _each("ymail rocketmail", "com")
)

FREEMAIL: frozenset[str] = frozenset(_FREE.split()) | frozenset(_FAMILIES)
"""Free mail, and the mailboxes that access providers give their customers, in all parts of the world."""

HOSTING: frozenset[str] = words(
    """
    onmicrosoft.com sharepoint.com protection.outlook.com prod.outlook.com exchangelabs.com microsoftonline.com
    mail.onmicrosoft.com
    google.com.s9a1.psmtp.com googlegroups.com googleusercontent.com appspot.com firebaseapp.com gserviceaccount.com
    amazonses.com amazonaws.com awsapps.com elasticbeanstalk.com sendgrid.net sendgrid.com sendgrid.me
    mailgun.org mailgun.net mailgun.com mailgun.info
    mcsv.net mcdlv.net mailchimpapp.net mailchimp.com mandrillapp.com rsgsv.net list-manage.com mailjet.com
    mailjet.net bnc3.mailjet.com
    sparkpostmail.com sparkpost.com messagebird.com postmarkapp.com mtasv.net pm-bounces.com sendinblue.com
    sendinblue.email brevo.com
    brevosend.com constantcontact.com ccsend.com in.constantcontact.com cmail1.com cmail2.com cmail19.com
    cmail20.com createsend.com
    campaign-archive.com aweber.com icontact.com icpbounce.com getresponse.com getresponse-mail.com mlsend.com
    mailerlite.com
    activecampaign.com acemsd1.com acems1.com emsend1.com hubspotemail.net hubspot.com hs-send.com exacttarget.com
    exct.net s10.exacttarget.com salesforce.com bnc.salesforce.com marketo.com mktomail.com mktoweb.com
    pardot.com eloqua.com en25.com responsys.net
    rsys5.com rsys2.com klaviyomail.com klaviyo.com customeriomail.com customer.io iterable.com braze.com
    sailthru.com
    bronto.com bm23.com dotmailer.com dotdigital.com dmtrk.com emarsys.net emailsys1a.net cleverreach.com
    crsend.com rapidmail.de
    inxmail.com inxserver.com newsletter2go.com episerver.net mailpro.com sarbacane.com everlytic.net
    everlytic.com everlytickey.com
    touchbasepro.com turbosmtp.com smtp2go.com smtp.com socketlabs.com elasticemail.com elasticemail.net
    pepipost.com netcorecloud.net
    zendesk.com freshdesk.com freshemail.io helpscout.net intercom-mail.com intercom.io desk.com atlassian.net
    zohodesk.com
    groups.io yahoogroups.com googlegroups.de mailman3.org lists.sourceforge.net sympa.org
    facebookmail.com linkedin.email e.linkedin.com bounce.linkedin.com twitter.email x.email pinterest.email
    instagram.email notify.twitter.com
    github.io gitlab.io herokuapp.com netlify.app vercel.app azurewebsites.net cloudapp.net cloudapp.azure.com
    windows.net
    wordpress.com blogspot.com wixsite.com wix.com weebly.com squarespace.com myshopify.com shopifyemail.com
    jimdo.com jimdosite.com strikingly.com webflow.io
    secureserver.net godaddy.com hostgator.com bluehost.com siteground.net dreamhost.com hostinger.com
    kundenserver.de ui-dns.com
    perfora.net your-server.de rzone.de strato.de one.com ovh.net ovh.com gandi.net hosteurope.de mittwald.info
    all-inkl.com kasserver.com
    dogado.de df.eu ispgateway.de hetzner.com hetzner.de digitaloceanspaces.com linode.com linodeusercontent.com
    vultrusercontent.com
    xneelo.co.za konsoleh.co.za hetzner.co.za dedicated.co.za host-h.net aserv.co.za cpanel.net plesk.page
    mimecast.com mimecastprotect.com pphosted.com ppe-hosted.com messagelabs.com symanteccloud.com
    barracudanetworks.com
    mailcontrol.com spamexperts.com antispamcloud.com hornetsecurity.com psmtp.com trendmicro.eu iphmx.com
    eigbox.net hostedemail.com emailsrvr.com rackspace.com mailhostbox.com titan.email zohocorp.com
    docusign.net echosign.com adobesign.com paypal-communication.com bnc.lt sendmail.net dynamics.com
    crm.dynamics.com
    """
)
"""Where other people's mail and sites are kept or sent from."""

MASKS: frozenset[str] = words(
    """
    guest.booking.com property.booking.com reply.booking.com m.booking.com guest.airbnb.com reply.airbnb.com
    host.airbnb.com m.expediapartnercentral.com guest.trip.com agoda-messaging.com messages.homeaway.com
    messages.vrbo.com marketplace.amazon.com marketplace.amazon.de marketplace.amazon.co.uk marketplace.amazon.fr
    marketplace.amazon.it marketplace.amazon.es members.ebay.com members.ebay.de members.ebay.co.uk reply.ebay.com
    mail.kleinanzeigen.de reply.etsy.com convos.etsy.com reply.github.com noreply.github.com reply.gitlab.com
    reply.linkedin.com inmail.linkedin.com hit-reply.linkedin.com reply.facebook.com indeedemail.com
    reply.craigslist.org hous.craigslist.org sale.craigslist.org reply.upwork.com reply.fiverr.com reply.eventbrite.com
    calendar-server.bounces.google.com group.calendar.google.com resource.calendar.google.com
    doclist.bounces.google.com docs.google.com email.teams.microsoft.com zoomcrc.com t.plcm.vc m.webex.com pexip.me
    teams.bjn.vc lync.video efaxsend.com unbox.intercom.io parse.sendgrid.net inbound.postmarkapp.com boards.trello.com
    in.todoist.com 3.basecamp.com users.noreply.github.com
    """
)
"""Where programs hand out addresses that stand for somebody, or for a room, a calendar or a conversation, for a while:
booking sites, markets, trackers, conference bridges, fax gateways. Nobody has a desk there; the firms' own people write
from other domains."""
