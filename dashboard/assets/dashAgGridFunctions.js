// The table's look, from the document's own colours.
var dagfuncs = (window.dashAgGridFunctions = window.dashAgGridFunctions || {});
dagfuncs.themeBeatgrid = (theme) => theme.withParams({
  fontFamily: 'var(--font)', fontSize: 13, headerFontSize: 12, headerFontWeight: 600,
  backgroundColor: 'var(--surface)', foregroundColor: 'var(--ink)', headerBackgroundColor: 'var(--raised)',
  headerTextColor: 'var(--muted)', borderColor: 'var(--line)', rowHoverColor: 'var(--soft)',
  selectedRowBackgroundColor: 'var(--soft)', accentColor: 'var(--accent)', wrapperBorder: false,
  wrapperBorderRadius: 0, cellHorizontalPadding: 7, headerColumnResizeHandleColor: 'transparent',
});
