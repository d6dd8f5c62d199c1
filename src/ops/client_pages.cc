#include "ops/client_table.h"

// What an operator may say about the client: pages, menus and buttons. The keys of config.js are the stock client's.
namespace conclave::ops {
namespace {

using enum SettingKind;
using enum ClientForm;

constexpr ClientSetting kRows[] = {
    {{"ENABLE_PREJOIN_PAGE", "enable_prejoin_page", Switch, "1",
      "A page with preview and name before a meeting is joined."},
     "prejoinConfig.enabled"},
    {{"HIDE_PREJOIN_DISPLAY_NAME", "hide_prejoin_display_name", Switch, "0", "No field for the name on that page."},
     "prejoinConfig.hideDisplayName"},
    {{"HIDE_PREJOIN_EXTRA_BUTTONS", "hide_prejoin_extra_buttons", List, "",
      "Ways of joining that it does not offer: no-audio, by-phone."},
     "prejoinConfig.hideExtraJoinButtons"},
    {{"HIDE_PREMEETING_BUTTONS", "hide_premeeting_buttons", List, "",
      "Buttons that it does not show: microphone, camera, select-background, invite, settings."},
     "hiddenPremeetingButtons"},
    {{"ENABLE_WELCOME_PAGE", "enable_welcome_page", Switch, "1", "A page to begin at, where no room is named."},
     "welcomePage.disabled",
     Negated},
    {{"ENABLE_CLOSE_PAGE", "enable_close_page", Switch, "0", "A page at the end of a meeting."}, "enableClosePage"},
    {{"TOOLBAR_BUTTONS", "toolbar_buttons", List, "", "The only buttons of the toolbar; unset: all."},
     "toolbarButtons"},
    {{"DISABLE_DEEP_LINKING", "disable_deep_linking", Switch, "0",
      "Telephones join in the browser, without being offered the app."},
     "disableDeepLinking"},
    {{"DEFAULT_LANGUAGE", "default_language", Text, "",
      "Language of the pages where the browser's own is not had: en, de, ptBR."},
     "defaultLanguage"},
    {{"DYNAMIC_BRANDING_URL", "dynamic_branding_url", Text, "", "Where the client asks how it shall look."},
     "dynamicBrandingUrl"},
    {{"BRANDING_DATA_URL", "branding_data_url", Text, "", "The same in an older form; not used beside the other."},
     "brandingDataUrl"},
    {{"CHROME_EXTENSION_BANNER_JSON", "chrome_extension_banner_json", Text, "",
      "A banner for a browser extension, as a JSON object."},
     "chromeExtensionBanner",
     Object},
    {{"DISABLE_PRIVATE_CHAT", "disable_private_chat", Switch, "0",
      "No private messages in the client's menu of a person."},
     "remoteVideoMenu.disablePrivateChat"},
    {{"DISABLE_REMOTE_VIDEO_MENU", "disable_remote_video_menu", Switch, "0", "No menu on the pictures of others."},
     "remoteVideoMenu.disabled"},
    {{"DISABLE_PROFILE", "disable_profile", Switch, "0", "Nobody changes his name or picture in the client."},
     "disableProfile"},
    {{"DISABLE_REACTIONS", "disable_reactions", Switch, "0", "No reactions."}, "disableReactions"},
    {{"ROOM_PASSWORD_DIGITS", "room_password_digits", Text, "",
      "Room passwords are digits, so many at the most; unset: any text."},
     "roomPasswordNumberOfDigits",
     Digits},
    {{"ENABLE_BREAKOUT_ROOMS", "enable_breakout_rooms", Switch, "1", "Breakout rooms, and the buttons for them."},
     "hideAddRoomButton",
     Negated},
};

}  // namespace

std::span<const ClientSetting> client_pages() {
  return kRows;
}

}  // namespace conclave::ops
